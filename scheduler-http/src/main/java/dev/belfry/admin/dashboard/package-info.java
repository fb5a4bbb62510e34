// SPDX-License-Identifier: Apache-2.0

/** The pages for people: read and act on a scheduler in a browser. */
@NullMarked
package dev.belfry.admin.dashboard;

import org.jspecify.annotations.NullMarked;
