// SPDX-License-Identifier: Apache-2.0
package dev.belfry.http.security;

import dev.belfry.http.AccessToken;
import dev.belfry.http.Principal;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tokens of code and store. Thread-safe. A given text is compared with all of them, by hash and
 * in constant time, whichever it is.
 */
public final class Tokens {
  private static final Logger log = LoggerFactory.getLogger(Tokens.class);
  private static final Duration NOTICE = Duration.ofDays(7);
  private static final int MOST_CHARACTERS = 1_000;

  private final List<ConfiguredToken> configured = new ArrayList<>();
  private final StoredTokens stored;
  private final InstantSource clock;

  /**
   * Asks for the texts of tokens.
   *
   * @throws IllegalArgumentException if one is weak, or there are three of a name, or one text is
   *     there twice
   */
  public Tokens(
      List<AccessToken> tokens, StoredTokens stored, LongSupplier nanoTime, InstantSource clock) {
    this.stored = stored;
    this.clock = clock;
    Map<String, Integer> names = new TreeMap<>();
    for (AccessToken token : tokens) {
      if (names.merge(token.name(), 1, Integer::sum) > 2) {
        throw new IllegalArgumentException(
            "there are three tokens \""
                + token.name()
                + "\"; two at most, the old one and the new one");
      }
      configured.add(new ConfiguredToken(token, nanoTime));
    }
  }

  /** Returns whose token a text is; empty if nobody's. */
  Optional<Granted> find(String text) {
    if (text.length() > MOST_CHARACTERS) {
      return Optional.empty();
    }
    byte[] hash = Hashes.of(text);
    Optional<Granted> found = Optional.empty();
    Instant now = clock.instant();
    for (ConfiguredToken each : configured) {
      if (MessageDigest.isEqual(each.hash(), hash) && each.isLive(now)) {
        found = Optional.of(Granted.by(hash, each.token().principal()));
      }
    }
    return found.isPresent() ? found : stored.find(hash);
  }

  /** Returns who has what was granted, as they are now; empty if its token is no more. */
  Optional<Principal> renewed(Granted granted) {
    byte[] proof = HexFormat.of().parseHex(granted.proof());
    Instant now = clock.instant();
    return configured.stream()
        .filter(each -> MessageDigest.isEqual(each.hash(), proof) && each.isLive(now))
        .map(each -> each.token().principal())
        .findFirst()
        .or(() -> stored.find(proof).map(Granted::principal));
  }

  /** Logs which tokens end within a week. To be called once a day. */
  public void warnOfEnds() {
    Instant now = clock.instant();
    for (ConfiguredToken each : configured) {
      each.token().end().ifPresent(end -> warnOf(each.token().name(), end, now));
    }
    for (StoredToken each : stored.list()) {
      each.end().ifPresent(end -> warnOf(each.name(), end, now));
    }
  }

  private static void warnOf(String name, Instant end, Instant now) {
    if (!end.isAfter(now)) {
      log.warn("token \"{}\" ended {} and lets nobody in any more", name, end);
    } else if (end.isBefore(now.plus(NOTICE))) {
      log.warn(
          "token \"{}\" ends {}, in {} days; give a new one beside it",
          name,
          end,
          ChronoUnit.DAYS.between(now, end));
    }
  }
}
