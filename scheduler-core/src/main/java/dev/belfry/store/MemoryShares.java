// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Gives equal values one object, so that a million schedules of one kind keep what they share. */
final class MemoryShares {
  private static final int LONGEST =
      64; // of payloads; to compare long ones costs more than it saves

  private final Share<String> texts = new Share<>();
  private final Share<Payload> payloads = new Share<>();
  private final Share<List<String>> labels = new Share<>();

  String text(String text) {
    return texts.of(text);
  }

  Payload payload(Payload payload) {
    return payload.size() > LONGEST ? payload : payloads.of(payload);
  }

  List<String> tags(List<String> tags) {
    return labels.of(List.copyOf(tags));
  }

  /** Begins anew when it is full: what no longer comes must not stay for ever. */
  private static final class Share<T> {
    private static final int MOST = 10_000;

    private final Map<T, T> known = new HashMap<>();

    T of(T value) {
      if (known.size() == MOST) {
        known.clear();
      }
      T before = known.putIfAbsent(value, value);
      return before == null ? value : before;
    }
  }
}
