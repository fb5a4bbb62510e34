// SPDX-License-Identifier: Apache-2.0

/** Joins the management API to a servlet container. Needs {@code jakarta.servlet-api}. */
@NullMarked
package dev.belfry.http.servlet;

import org.jspecify.annotations.NullMarked;
