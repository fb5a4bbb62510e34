// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import java.time.Instant;

/**
 * How far a run was when it last said so.
 *
 * @param done how much is done
 * @param total how much there is to do; 0 if that is not known
 * @param at when it was said, by the store's clock
 */
public record Progress(long done, long total, Instant at) {}
