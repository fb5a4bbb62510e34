// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

/**
 * How many runs a filter lets through.
 *
 * @param runs how many, counted up to 1,000
 * @param more whether there are more
 */
public record RunCount(long runs, boolean more) {}
