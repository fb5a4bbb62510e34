// SPDX-License-Identifier: Apache-2.0

/** Finds what answers a request, and says what is wrong with one that nothing answers. */
@NullMarked
package dev.belfry.http.routing;

import org.jspecify.annotations.NullMarked;
