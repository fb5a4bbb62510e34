// SPDX-License-Identifier: Apache-2.0
/**
 * The one place through which clock, threads and randomness enter: a {@link dev.belfry.host.Host}
 * per node. Tests put their own in its place and drive the engine on one thread.
 */
@NullMarked
package dev.belfry.host;

import org.jspecify.annotations.NullMarked;
