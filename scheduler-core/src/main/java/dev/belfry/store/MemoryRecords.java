// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import static java.util.Objects.requireNonNull;

import dev.belfry.run.Page;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** Records in memory. */
final class MemoryRecords implements Records {
  /** Does work in a call of the store. */
  interface Calls {
    <T> T commit(Function<? super Commit, ? extends T> work);
  }

  private final Calls calls;
  private final Map<String, TreeMap<String, StoredRecord>> kinds = new HashMap<>();

  MemoryRecords(Calls calls) {
    this.calls = calls;
  }

  @Override
  public Optional<StoredRecord> get(String kind, String id) {
    return calls.commit(commit -> find(kind, id, commit.now()));
  }

  @Override
  public Page<StoredRecord> list(RecordQuery query) {
    return calls.commit(
        commit -> {
          var all = kinds.getOrDefault(query.kind(), new TreeMap<>());
          var rest = query.after().<Map<String, StoredRecord>>map(id -> all.tailMap(id, false));
          return Page.of(
              rest.orElse(all).values().stream()
                  .filter(record -> !isOver(record, commit.now()) && isFor(query, record))
                  .limit(query.limit() + 1L)
                  .toList(),
              query.limit());
        });
  }

  @Override
  public List<Verdict> write(List<RecordWrite> writes) {
    return calls.commit(
        commit -> writes.stream().map(write -> write(write, commit.now())).toList());
  }

  private Verdict write(RecordWrite write, Instant now) {
    var found = find(write.kind(), write.id(), now);
    long version = found.map(StoredRecord::version).orElse(0L);
    if (write instanceof RecordWrite.Put put) {
      if (version == put.version()) {
        kinds
            .computeIfAbsent(put.kind(), kind -> new TreeMap<>())
            .put(put.id(), new StoredRecord(put.kind(), put.id(), version + 1, put.content()));
        return Verdict.APPLIED;
      }
      boolean same = found.map(StoredRecord::content).equals(Optional.of(put.content()));
      return same && version == put.version() + 1 ? Verdict.REPEATED : Verdict.REFUSED;
    }
    if (found.isEmpty()) {
      return Verdict.REPEATED;
    }
    if (version != write.version()) {
      return Verdict.REFUSED;
    }
    requireNonNull(kinds.get(write.kind())).remove(write.id());
    return Verdict.APPLIED;
  }

  void purge(Instant now) {
    kinds.values().forEach(records -> records.values().removeIf(record -> isOver(record, now)));
    kinds.values().removeIf(TreeMap::isEmpty);
  }

  private Optional<StoredRecord> find(String kind, String id, Instant now) {
    return Optional.ofNullable(kinds.getOrDefault(kind, new TreeMap<>()).get(id))
        .filter(record -> !isOver(record, now));
  }

  private static boolean isOver(StoredRecord record, Instant now) {
    return record.content().expiresAt().map(at -> !at.isAfter(now)).orElse(false);
  }

  private static boolean isFor(RecordQuery query, StoredRecord record) {
    var has = record.content().attributes();
    return query
        .attribute()
        .map(
            wanted -> wanted.place() < has.size() && has.get(wanted.place()).equals(wanted.value()))
        .orElse(true);
  }
}
