// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.RunId;
import dev.belfry.run.RunQuery;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** All runs in memory, by id and in order of id. */
final class MemoryRuns {
  /*
   * The order is kept in chunks of sorted arrays. Ids are made in order, so nearly all runs are
   * added at the end of the last chunk, and the order costs a run little more than a reference,
   * where a tree would cost forty bytes and a walk.
   */
  private static final int CHUNK = 512;

  private final Map<RunId, MemoryRun> byId = new HashMap<>();
  private final List<List<MemoryRun>> chunks = new ArrayList<>();

  @Nullable MemoryRun get(RunId id) {
    return byId.get(id);
  }

  boolean contains(RunId id) {
    return byId.containsKey(id);
  }

  void add(MemoryRun run) {
    byId.put(run.id, run);
    if (chunks.isEmpty()) {
      chunks.add(new ArrayList<>(List.of(run)));
      return;
    }
    int index = chunkOf(run.id);
    var chunk = chunks.get(index);
    int place = placeIn(chunk, run.id);
    if (chunk.size() < CHUNK) {
      chunk.add(place, run);
    } else if (place == CHUNK) {
      chunks.add(index + 1, new ArrayList<>(List.of(run)));
    } else {
      var upper = chunk.subList(CHUNK / 2, CHUNK);
      chunks.add(index + 1, new ArrayList<>(upper));
      upper.clear();
      var half = place <= CHUNK / 2 ? chunk : chunks.get(index + 1);
      half.add(placeIn(half, run.id), run);
    }
  }

  void remove(MemoryRun run) {
    byId.remove(run.id);
    int index = chunkOf(run.id);
    var chunk = chunks.get(index);
    chunk.remove(placeIn(chunk, run.id));
    if (chunk.isEmpty()) {
      chunks.remove(index);
    }
  }

  /** Returns up to {@code limit} runs that a query is for, the newest first. */
  List<MemoryRun> find(RunQuery query, int limit) {
    var wanted = filter(query);
    var found = new ArrayList<MemoryRun>();
    if (chunks.isEmpty()) {
      return found;
    }
    int index = query.after().map(this::chunkOf).orElse(chunks.size() - 1);
    int place =
        query.after().map(id -> placeIn(chunks.get(index), id)).orElse(chunks.get(index).size());
    for (int i = index; i >= 0; i--) {
      var chunk = chunks.get(i);
      for (int j = (i == index ? place : chunk.size()) - 1; j >= 0; j--) {
        if (wanted.test(chunk.get(j))) {
          found.add(chunk.get(j));
          if (found.size() == limit) {
            return found;
          }
        }
      }
    }
    return found;
  }

  private static Predicate<MemoryRun> filter(RunQuery query) {
    return run ->
        query.job().map(run.lane.job::equals).orElse(true)
            && (query.statuses().isEmpty() || query.statuses().contains(run.state.status()))
            && (query.schedule().isEmpty() || query.schedule().equals(run.trigger.schedule()))
            && query.tag().map(run.tags::contains).orElse(true)
            && query.from().map(from -> !run.createdAt.isBefore(from)).orElse(true)
            && query.to().map(run.createdAt::isBefore).orElse(true);
  }

  /** Returns the last chunk that begins at or before an id, or the first one. */
  private int chunkOf(RunId id) {
    int low = 0;
    int high = chunks.size() - 1;
    if (chunks.get(high).get(0).id.compareTo(id) <= 0) {
      return high;
    }
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (chunks.get(middle).get(0).id.compareTo(id) <= 0) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** Returns where in a chunk an id is or would be. */
  private static int placeIn(List<MemoryRun> chunk, RunId id) {
    int low = 0;
    int high = chunk.size();
    if (high > 0 && chunk.get(high - 1).id.compareTo(id) < 0) {
      return high;
    }
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (chunk.get(middle).id.compareTo(id) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
