// SPDX-License-Identifier: Apache-2.0

/** What people see of a scheduler and do to it, whatever page or program they use. */
@NullMarked
package dev.belfry.admin.operations;

import org.jspecify.annotations.NullMarked;
