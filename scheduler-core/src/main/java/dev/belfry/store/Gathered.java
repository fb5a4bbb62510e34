// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import java.time.Instant;

/**
 * What a run is gathered with for its next batch.
 *
 * @param key what they have in common
 * @param runs how many there are, this one included
 * @param maxSize how many start at once
 * @param until when they start, however many there are
 */
public record Gathered(LimitKey key, int runs, int maxSize, Instant until) {}
