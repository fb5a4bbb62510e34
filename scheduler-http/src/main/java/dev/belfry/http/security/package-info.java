// SPDX-License-Identifier: Apache-2.0

/** Decides who may ask: tokens, sessions, networks, host names, origins and rates. */
@NullMarked
package dev.belfry.http.security;

import org.jspecify.annotations.NullMarked;
