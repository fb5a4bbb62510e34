// SPDX-License-Identifier: Apache-2.0
package dev.belfry.http.security;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belfry.http.AccessToken;
import dev.belfry.http.Principal;
import dev.belfry.http.Scope;
import dev.belfry.store.JobStore;
import dev.belfry.store.RecordContent;
import dev.belfry.store.RecordQuery;
import dev.belfry.store.RecordWrite;
import dev.belfry.store.StoreException;
import dev.belfry.store.StoredRecord;
import dev.belfry.store.Verdict;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tokens that were made at run time, kept in the store as hashes. Thread-safe. What it knows of
 * other nodes' changes is up to 5 seconds old.
 */
public final class StoredTokens {
  private static final Logger log = LoggerFactory.getLogger(StoredTokens.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String KIND = "admin-token";
  private static final int MOST = 1_000;
  private static final long FRESH = Duration.ofSeconds(5).toNanos();

  private final JobStore store;
  private final LongSupplier nanoTime;
  private final InstantSource clock;
  private List<StoredToken> known = List.of(); // this and the rest guarded by this
  private long readAt;
  private boolean read;

  /** Returns the tokens of a store. */
  public StoredTokens(JobStore store, LongSupplier nanoTime, InstantSource clock) {
    this.store = store;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  /** Returns all that are live, in order of name. */
  public List<StoredToken> list() {
    return store.records().list(RecordQuery.of(KIND, MOST)).items().stream()
        .map(StoredTokens::token)
        .toList();
  }

  /**
   * Makes a token.
   *
   * @return its text, which is kept nowhere
   * @throws IllegalArgumentException if the name or the end is wrong
   * @throws IllegalStateException if two of that name are live
   */
  public String create(
      String name, Scope scope, Set<String> tags, Optional<Instant> end, Principal by) {
    Instant now = store.now();
    AccessToken.of(name, () -> "", scope); // which checks the name
    end.filter(e -> !e.isAfter(now))
        .ifPresent(
            e -> {
              throw new IllegalArgumentException("end must lie ahead, was " + e + " at " + now);
            });
    String text = "blf_" + Hashes.secret();
    String hash = HexFormat.of().formatHex(Hashes.of(text));
    for (int place = 1; place <= 2; place++) { // the id is the place: nobody can make a third
      var token =
          new StoredToken(
              name + "~" + place,
              name,
              hash,
              scope,
              tags,
              now,
              by.name(),
              end,
              Optional.empty(),
              0);
      if (write(put(token)) == Verdict.APPLIED) {
        forget();
        return text;
      }
    }
    throw new IllegalStateException(
        "there are two live tokens \"" + name + "\", the most at a time; revoke one first");
  }

  /** Ends a token; on other nodes within 5 seconds. Returns whether there was one. */
  public boolean revoke(String id) {
    Optional<StoredRecord> record = store.records().get(KIND, id);
    while (record.isPresent()
        && write(new RecordWrite.Delete(KIND, id, record.get().version())) == Verdict.REFUSED) {
      record = store.records().get(KIND, id); // used meanwhile
    }
    forget();
    return record.isPresent();
  }

  Optional<Granted> find(byte[] hash) {
    Optional<StoredToken> found = Optional.empty();
    for (StoredToken each : fresh()) {
      if (MessageDigest.isEqual(HexFormat.of().parseHex(each.hash()), hash)) {
        found = Optional.of(each);
      }
    }
    found.ifPresent(this::touch);
    return found.map(token -> Granted.by(hash, token.principal()));
  }

  private synchronized List<StoredToken> fresh() {
    long now = nanoTime.getAsLong();
    if (!read || now - readAt > FRESH) {
      known = list();
      readAt = now;
      read = true;
    }
    return known;
  }

  private synchronized void forget() {
    read = false;
  }

  /** Once a day; that it was used matters less than that it is. */
  private void touch(StoredToken token) {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    if (!token.lastUsed().equals(Optional.of(today))) {
      try {
        write(put(token.usedOn(today)));
        forget();
      } catch (StoreException failed) {
        log.debug("that token {} was used could not be kept", token.id(), failed);
      }
    }
  }

  private Verdict write(RecordWrite write) {
    return store.records().write(List.of(write)).get(0);
  }

  private static RecordWrite put(StoredToken token) {
    ObjectNode json = JSON.createObjectNode();
    json.put("name", token.name());
    json.put("hash", token.hash());
    json.put("scope", token.scope().name());
    token.tags().stream().sorted().forEach(json.putArray("tags")::add);
    json.put("createdAt", token.createdAt().toString());
    json.put("createdBy", token.createdBy());
    token.end().ifPresent(end -> json.put("end", end.toString()));
    token.lastUsed().ifPresent(day -> json.put("lastUsed", day.toString()));
    RecordContent content = RecordContent.of(json.toString());
    return new RecordWrite.Put(
        KIND, token.id(), token.version(), token.end().map(content::until).orElse(content));
  }

  private static StoredToken token(StoredRecord record) {
    try {
      JsonNode json = JSON.readTree(record.content().json());
      var tags = new HashSet<String>();
      json.path("tags").forEach(tag -> tags.add(tag.asText()));
      return new StoredToken(
          record.id(),
          json.path("name").asText(),
          json.path("hash").asText(),
          Scope.valueOf(json.path("scope").asText()),
          tags,
          Instant.parse(json.path("createdAt").asText()),
          json.path("createdBy").asText(),
          Optional.ofNullable(json.get("end")).map(end -> Instant.parse(end.asText())),
          Optional.ofNullable(json.get("lastUsed")).map(day -> LocalDate.parse(day.asText())),
          record.version());
    } catch (JsonProcessingException broken) {
      throw new IllegalStateException("record of token " + record.id() + " is no JSON", broken);
    }
  }
}
