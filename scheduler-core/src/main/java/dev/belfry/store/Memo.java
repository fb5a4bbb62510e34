// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import java.time.Instant;
import java.util.Optional;

/**
 * What is remembered of a part of a run, so that later passes do not repeat it.
 *
 * @param key names the part
 * @param kind what the part is
 * @param type the type of what it returns, in words that its writer compares
 * @param value what became of it
 * @param tries how often its body was started
 * @param until when a pending part goes on by itself: the end of a sleep, a time limit, a next try
 * @param writtenAt when it was last written, by the store's clock
 */
public record Memo(
    MemoKey key,
    MemoKind kind,
    String type,
    MemoValue value,
    int tries,
    Optional<Instant> until,
    Instant writtenAt) {}
