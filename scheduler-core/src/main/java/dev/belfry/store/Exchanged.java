// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.RunId;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The answer to an exchange.
 *
 * @param verdicts one for each outcome, in order
 * @param claimed the runs that the node holds from now on
 * @param nextDue for each lane asked that has ready runs left, the earliest due time among them
 * @param now the store's clock
 * @param cancels runs of this node that somebody asked to end, with the reason
 * @param catalogVersion the present version of the catalog
 * @param inbox whether entries wait for delivery
 */
public record Exchanged(
    List<Verdict> verdicts,
    List<Claimed> claimed,
    Map<Integer, Instant> nextDue,
    Instant now,
    Map<RunId, String> cancels,
    long catalogVersion,
    boolean inbox) {}
