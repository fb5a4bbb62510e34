// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.store.Due;
import dev.belfry.store.Memo;
import dev.belfry.store.MemoKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The sleeps of a pass: the end is stored when a sleep begins, and no change of code moves it. */
final class PassSleeps {
  private static final Duration LONGEST = Duration.ofDays(36_525);

  private final PassFrame frame;
  private final PassMemos memos;

  PassSleeps(PassFrame frame, PassMemos memos) {
    this.frame = frame;
    this.memos = memos;
  }

  void sleep(String id, Duration time) {
    if (time.isNegative() || time.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("sleep must be zero to 100 years, was " + time);
    }
    sleep(id, new Due.After(time), "sleep \"" + id + "\" of " + time);
  }

  void sleepUntil(String id, Instant end) {
    if (end.isBefore(Instants.MIN) || end.isAfter(Instants.MAX)) {
      throw new IllegalArgumentException("sleep must end in the years 1 to 9999, was " + end);
    }
    sleep(id, new Due.At(Instants.ceilToMicros(end)), "sleep \"" + id + "\" until " + end);
  }

  private void sleep(String id, Due end, String words) {
    try (PassMemos.Part part = memos.enter(id, MemoKind.SLEEP, "")) {
      Optional<Memo> begun = part.begun();
      Optional<Instant> until = begun.flatMap(Memo::until);
      if (until.isPresent() && frame.hasCome(until.get())) {
        part.settledAt(until.get());
        return;
      }
      if (begun.isEmpty()) {
        part.goOn();
      }
      throw part.suspend(
          begun.map(part::stillPending).orElseGet(() -> part.pending(Optional.of(end))), words);
    }
  }
}
