// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.NodeId;
import java.time.Instant;

/**
 * A node that the store knows to be alive.
 *
 * @param id its incarnation
 * @param card how it presented itself
 * @param joinedAt when it joined
 * @param leaseUntil when its lease ends unless it is renewed
 */
public record NodeInfo(NodeId id, NodeCard card, Instant joinedAt, Instant leaseUntil) {}
