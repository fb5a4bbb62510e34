// SPDX-License-Identifier: Apache-2.0

/** The HTTP server of the JDK, made to bear slow and greedy clients. */
@NullMarked
package dev.belfry.http.server;

import org.jspecify.annotations.NullMarked;
