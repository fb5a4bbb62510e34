// SPDX-License-Identifier: Apache-2.0
package dev.belfry.http.security;

import dev.belfry.http.AccessToken;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A token of the application's code, with the hash of its text. Thread-safe. */
public final class ConfiguredToken {
  private static final Logger log = LoggerFactory.getLogger(Tokens.class);
  private static final long FRESH = Duration.ofSeconds(30).toNanos();

  private final AccessToken token;
  private final LongSupplier nanoTime;
  private byte[] hash; // this and the next guarded by this
  private long askedAt;

  /** Asks for the text for the first time, and throws what is wrong with it. */
  public ConfiguredToken(AccessToken token, LongSupplier nanoTime) {
    this.token = token;
    this.nanoTime = nanoTime;
    this.hash = Hashes.of(token.text());
    this.askedAt = nanoTime.getAsLong();
  }

  AccessToken token() {
    return token;
  }

  boolean isLive(Instant now) {
    return token.end().map(now::isBefore).orElse(true);
  }

  /** Returns whether a text is the one of this token, in constant time. */
  public boolean matches(String text) {
    return MessageDigest.isEqual(hash(), Hashes.of(text));
  }

  /** The last good text stays if there is no new one: a keeper that is away locks nobody out. */
  synchronized byte[] hash() {
    if (nanoTime.getAsLong() - askedAt > FRESH) {
      askedAt = nanoTime.getAsLong();
      try {
        hash = Hashes.of(token.text());
      } catch (RuntimeException wrong) {
        log.warn("token \"{}\" keeps its last text: {}", token.name(), wrong.toString());
      }
    }
    return hash;
  }
}
