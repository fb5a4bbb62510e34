// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import dev.belfry.host.Host;
import dev.belfry.run.Page;
import dev.belfry.store.JobStore;
import dev.belfry.store.RecordContent;
import dev.belfry.store.RecordQuery;
import dev.belfry.store.RecordWrite;
import dev.belfry.store.Records;
import dev.belfry.store.StoredRecord;
import dev.belfry.store.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/*
 * Settings and health are two records, so that a failure does not change the version that somebody
 * who edits the endpoint has seen.
 *
 * What deliveries read is kept for a second, as a busy endpoint would else be read thousands of
 * times a second. So other nodes notice a change within a second; this one at once, as each write
 * forgets what was kept. A success that is judged by what was kept may fail to end a streak of
 * failures that began elsewhere within that second; the next one ends it.
 */
/** The endpoints in the store. Thread-safe. */
final class EndpointBook {
  static final String KIND = "webhook/endpoint";
  static final String HEALTH = "webhook/health";
  private static final Duration KEPT = Duration.ofSeconds(1);
  private static final int PAGE = 500;
  private static final int TRIES = 10;

  private final JobStore store;
  private final Host host;
  private final Map<String, Kept<Known>> known = new ConcurrentHashMap<>();
  private volatile @Nullable Kept<List<StoredEndpoint>> all;

  /** What was read, and when. */
  private record Kept<T>(T value, long at) {}

  /** What a delivery needs to know of its endpoint; empty if there is none. */
  record Known(Optional<StoredEndpoint> endpoint, EndpointHealth health) {}

  EndpointBook(JobStore store, Host host) {
    this.store = store;
    this.host = host;
  }

  Instant now() {
    return store.now();
  }

  private Records records() {
    return store.records();
  }

  // What deliveries read

  /** Returns an endpoint as it was within the last second. */
  Known known(String id) {
    Kept<Known> kept = known.get(id);
    if (kept == null || isOld(kept)) {
      long at = host.nanoTime();
      kept = new Kept<>(new Known(find(id), health(id)), at);
      known.put(id, kept);
    }
    return kept.value();
  }

  /** Returns the endpoints that are enabled and take a type of messages, as of the last second. */
  List<StoredEndpoint> taking(String type) {
    Kept<List<StoredEndpoint>> kept = all;
    if (kept == null || isOld(kept)) {
      long at = host.nanoTime();
      kept = new Kept<>(readAll(), at);
      all = kept;
    }
    return kept.value().stream()
        .filter(endpoint -> endpoint.off().isEmpty() && endpoint.spec().takes(type))
        .toList();
  }

  private boolean isOld(Kept<?> kept) {
    return host.nanoTime() - kept.at() > KEPT.toNanos();
  }

  private void forget(String id) {
    known.remove(id);
    all = null;
  }

  // Settings

  List<StoredEndpoint> readAll() {
    var found = new ArrayList<StoredEndpoint>();
    Page<StoredEndpoint> page = list(Optional.empty(), PAGE);
    found.addAll(page.items());
    while (page.more()) {
      page = list(Optional.of(found.get(found.size() - 1).id()), PAGE);
      found.addAll(page.items());
    }
    return found;
  }

  Page<StoredEndpoint> list(Optional<String> after, int limit) {
    RecordQuery first = RecordQuery.of(KIND, limit);
    return records().list(after.map(first::after).orElse(first)).map(EndpointJson::readEndpoint);
  }

  Optional<StoredEndpoint> find(String id) {
    return records().get(KIND, id).map(EndpointJson::readEndpoint);
  }

  /** Writes an endpoint over the version that it has; returns it, unless somebody was faster. */
  Optional<StoredEndpoint> write(StoredEndpoint endpoint) {
    boolean written = put(KIND, endpoint.id(), endpoint.version(), EndpointJson.write(endpoint));
    forget(endpoint.id());
    return written ? find(endpoint.id()) : Optional.empty();
  }

  /** Changes an endpoint, as it is when it is written; empty if there is none. */
  Optional<StoredEndpoint> update(String id, UnaryOperator<StoredEndpoint> change) {
    for (int i = 0; i < TRIES; i++) {
      Optional<StoredEndpoint> found = find(id);
      if (found.isEmpty()) {
        return found;
      }
      StoredEndpoint changed = change.apply(found.get());
      Optional<StoredEndpoint> written = changed.equals(found.get()) ? found : write(changed);
      if (written.isPresent()) {
        return written;
      }
    }
    throw new IllegalStateException(
        "webhook endpoint \"" + id + "\" was changed by others all the time; try again");
  }

  /** Deletes an endpoint; returns whether there was one. */
  boolean delete(String id) {
    Optional<StoredRecord> found = records().get(KIND, id);
    found.ifPresent(
        record -> records().write(List.of(new RecordWrite.Delete(KIND, id, record.version()))));
    records()
        .get(HEALTH, id)
        .ifPresent(
            record ->
                records().write(List.of(new RecordWrite.Delete(HEALTH, id, record.version()))));
    forget(id);
    return found.isPresent();
  }

  // Health

  EndpointHealth health(String id) {
    return records().get(HEALTH, id).map(EndpointJson::readHealth).orElse(EndpointHealth.WELL);
  }

  /** A change of an endpoint's health. */
  record Changed(EndpointHealth before, EndpointHealth after) {}

  /**
   * Changes the health of an endpoint, as it is when it is written.
   *
   * @return what it was and is; empty if others changed it all the time, which costs but a count
   */
  Optional<Changed> updateHealth(String id, UnaryOperator<EndpointHealth> change) {
    for (int i = 0; i < TRIES; i++) {
      Optional<StoredRecord> found = records().get(HEALTH, id);
      EndpointHealth before = found.map(EndpointJson::readHealth).orElse(EndpointHealth.WELL);
      EndpointHealth after = change.apply(before);
      if (after.equals(before)
          || put(
              HEALTH, id, found.map(StoredRecord::version).orElse(0L), EndpointJson.write(after))) {
        known.remove(id);
        return Optional.of(new Changed(before, after));
      }
    }
    known.remove(id);
    return Optional.empty();
  }

  private boolean put(String kind, String id, long version, String json) {
    var write = new RecordWrite.Put(kind, id, version, RecordContent.of(json));
    return records().write(List.of(write)).get(0) != Verdict.REFUSED;
  }
}
