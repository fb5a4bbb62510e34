// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.RunId;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A schedule in memory. */
final class MemorySchedule {
  final String id;
  final Past past;
  String job;
  String definition;
  Payload input;
  List<String> tags;
  ScheduleRow.Origin origin;
  boolean overridden;
  boolean paused;
  boolean deleted;
  long version = 1;
  Optional<Instant> nextAt;
  Optional<Instant> lastAt = Optional.empty();
  Optional<RunId> lastRun = Optional.empty();
  Optional<RunId> parkedOn = Optional.empty();
  boolean queued;

  MemorySchedule(Amendment.CreateSchedule made, Past past) {
    this.id = made.id();
    this.past = past;
    this.job = made.job();
    this.definition = made.definition();
    this.input = made.input();
    this.tags = List.copyOf(made.tags());
    this.origin = ScheduleRow.Origin.CLIENT;
    this.nextAt = Commit.micros(made.firstAt());
  }

  MemorySchedule(String job, Declaration.DeclaredSchedule declared, Past past) {
    this.id = declared.id();
    this.past = past;
    this.job = job;
    this.definition = declared.definition();
    this.input = declared.input();
    this.tags = declared.tags();
    this.origin = ScheduleRow.Origin.CODE;
    this.nextAt = Commit.micros(declared.firstAt());
  }

  /** Puts a new declaration in force; what ran stays known. */
  void redeclare(String newJob, Declaration.DeclaredSchedule declared) {
    job = newJob;
    input = declared.input();
    tags = declared.tags();
    origin = ScheduleRow.Origin.CODE;
    overridden = false;
    paused = false;
    deleted = false;
    change(declared.definition(), declared.firstAt());
  }

  /** Fires by other rules from now on; what the old ones waited for is forgotten. */
  void change(String newDefinition, Optional<Instant> newNextAt) {
    definition = newDefinition;
    nextAt = Commit.micros(newNextAt);
    parkedOn = Optional.empty();
    queued = false;
    version++;
  }

  boolean mayFire() {
    return !deleted && !paused && parkedOn.isEmpty();
  }

  boolean isDue(Instant now) {
    return nextAt.isPresent() && !nextAt.get().isAfter(now);
  }

  /** Returns whether the schedule is still as the firing saw it, and the tick has come. */
  boolean accepts(Firing firing, Instant now) {
    return mayFire()
        && isDue(now)
        && version == firing.version()
        && nextAt.equals(Optional.of(Commit.micros(firing.nominal())))
        && lastRun.equals(firing.lastRun());
  }

  ScheduleRow toRow(boolean active) {
    return new ScheduleRow(
        id,
        job,
        definition,
        input,
        tags,
        origin,
        overridden,
        paused,
        version,
        nextAt,
        lastAt,
        lastRun,
        active,
        parkedOn,
        queued);
  }

  /** What is known of an id for ever, whatever becomes of the schedule. */
  static final class Past {
    private final Set<String> hashes = new HashSet<>();
    private final TreeMap<Instant, RunId> ticks = new TreeMap<>();
    private @Nullable Instant lowMark;

    /** Returns whether a declaration is new. */
    boolean learn(String hash) {
      return hashes.add(hash);
    }

    boolean hasFired(Instant nominal) {
      return ticks.containsKey(nominal) || (lowMark != null && !nominal.isAfter(lowMark));
    }

    boolean hasFired(Instant nominal, RunId run) {
      return run.equals(ticks.get(nominal));
    }

    void fired(Instant nominal, RunId run) {
      ticks.put(nominal, run);
    }

    /** Deletes old ticks; the mark keeps them from firing again. */
    void forget(Instant before) {
      var old = ticks.headMap(before);
      if (!old.isEmpty()) {
        Instant last = old.lastKey();
        lowMark = lowMark == null || last.isAfter(lowMark) ? last : lowMark;
        old.clear();
      }
    }
  }
}
