// SPDX-License-Identifier: Apache-2.0

/** The job store in a SQL database. */
@NullMarked
package dev.belfry.jdbc;

import org.jspecify.annotations.NullMarked;
