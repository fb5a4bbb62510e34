// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.EventId;
import dev.belfry.run.Failure;
import dev.belfry.store.Memo;
import dev.belfry.store.MemoKey;
import dev.belfry.store.MemoKind;
import dev.belfry.store.MemoValue;
import dev.belfry.store.Payload;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A memo in the document of a run.
 *
 * @param over whether the part has ended: with a value, an event and what is kept of it, or a
 *     failure; else it has begun, and the failure is that of its last try
 */
record RecordedPart(
    String scope,
    String id,
    int occurrence,
    MemoKind kind,
    String type,
    int tries,
    Optional<Instant> until,
    Instant writtenAt,
    boolean over,
    Optional<RecordedBytes> value,
    Optional<UUID> event,
    Optional<Failure> failure) {
  static RecordedPart of(Memo memo) {
    MemoValue value = memo.value();
    Optional<Payload> payload = Optional.empty();
    Optional<UUID> event = Optional.empty();
    Optional<Failure> failure = Optional.empty();
    if (value instanceof MemoValue.Result result) {
      payload = Optional.of(result.payload());
    } else if (value instanceof MemoValue.Received received) {
      payload = Optional.of(received.payload());
      event = Optional.of(received.event().value());
    } else if (value instanceof MemoValue.Failed failed) {
      failure = Optional.of(failed.failure());
    } else if (value instanceof MemoValue.Pending pending) {
      failure = pending.failure();
    }
    return new RecordedPart(
        memo.key().scope(),
        memo.key().id(),
        memo.key().occurrence(),
        memo.kind(),
        memo.type(),
        memo.tries(),
        memo.until(),
        memo.writtenAt(),
        value.isSettled(),
        payload.map(RecordedBytes::of),
        event,
        failure);
  }

  Memo memo() {
    return new Memo(
        new MemoKey(scope, id, occurrence), kind, type, memoValue(), tries, until, writtenAt);
  }

  private MemoValue memoValue() {
    if (!over) {
      return new MemoValue.Pending(failure);
    } else if (failure.isPresent()) {
      return new MemoValue.Failed(failure.get());
    }
    Payload payload =
        value
            .map(RecordedBytes::payload)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "part \"" + id + "\" is over, so it must have a value or a failure"));
    return event.isPresent()
        ? new MemoValue.Received(new EventId(event.get()), payload)
        : new MemoValue.Result(payload);
  }
}
