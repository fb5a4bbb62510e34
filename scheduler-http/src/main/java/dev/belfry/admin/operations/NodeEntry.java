// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import dev.belfry.store.NodeInfo;

/**
 * A node that is not marked dead.
 *
 * @param info the node
 * @param late whether its lease is over: it is dead or cut off, and will be marked so
 */
public record NodeEntry(NodeInfo info, boolean late) {}
