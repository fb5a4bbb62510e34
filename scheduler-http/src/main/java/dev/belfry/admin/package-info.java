// SPDX-License-Identifier: Apache-2.0

/** The management API, health checks and the dashboard. */
@NullMarked
package dev.belfry.admin;

import org.jspecify.annotations.NullMarked;
