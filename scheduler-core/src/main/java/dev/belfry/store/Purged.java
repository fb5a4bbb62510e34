// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

/**
 * What a clean-up has done.
 *
 * @param runs the ended runs deleted
 * @param more whether it stopped, at its limit or after its time, before all was deleted
 */
public record Purged(int runs, boolean more) {}
