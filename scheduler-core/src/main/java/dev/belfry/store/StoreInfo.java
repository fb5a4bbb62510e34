// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

/**
 * What a store says of itself when it is opened.
 *
 * @param product the database and its version, for the start-up line
 * @param schema the version of its schema; 0 if it has none
 * @param shared whether other processes can open it too
 * @param recovered how many runs of an earlier process this opening has freed
 */
public record StoreInfo(String product, int schema, boolean shared, int recovered) {}
