// SPDX-License-Identifier: Apache-2.0
package dev.belfry.http.security;

import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Who is logged in, in memory: a restart, or another node, asks for the token again. Thread-safe. A
 * session ends after 12 hours, after an hour without a request, and with the token that began it.
 */
final class Sessions {
  static final Duration LIFE = Duration.ofHours(12);

  private static final Duration IDLE = Duration.ofHours(1);
  private static final int MOST = 1_000;

  private final LongSupplier nanoTime;
  private final Map<String, Session> sessions = new LinkedHashMap<>(); // eldest first; by hash

  private record Session(Granted granted, long begun, long used) {}

  Sessions(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Begins a session; with too many, the eldest ends. Returns its secret. */
  synchronized String open(Granted granted) {
    long now = nanoTime.getAsLong();
    sessions.values().removeIf(session -> isOver(session, now));
    if (sessions.size() >= MOST) {
      sessions.remove(sessions.keySet().iterator().next());
    }
    String secret = Hashes.secret();
    sessions.put(key(secret), new Session(granted, now, now));
    return secret;
  }

  /** Returns whose session it is, and has it go on. */
  synchronized Optional<Granted> find(String secret) {
    long now = nanoTime.getAsLong();
    Session session = sessions.get(key(secret));
    if (session == null || isOver(session, now)) {
      return Optional.empty();
    }
    sessions.put(key(secret), new Session(session.granted(), session.begun(), now));
    return Optional.of(session.granted());
  }

  synchronized void end(String secret) {
    sessions.remove(key(secret));
  }

  private static boolean isOver(Session session, long now) {
    return now - session.begun() > LIFE.toNanos() || now - session.used() > IDLE.toNanos();
  }

  /** By its hash: how long a look-up takes says nothing about the secret. */
  private static String key(String secret) {
    return HexFormat.of().formatHex(Hashes.of(secret));
  }
}
