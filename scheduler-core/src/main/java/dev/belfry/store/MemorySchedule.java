// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.RunId;
import dev.belfry.store.ScheduleRow.Origin;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A schedule in memory. Whether and when it fires is changed through the timetable only. */
final class MemorySchedule {
  /*
   * There may be a million of them, so what many have alike is shared, what is absent is null and
   * no Optional, and the next tick, which is compared most, is a number of microseconds.
   */
  private static final long NEVER = Long.MAX_VALUE;

  final String id;
  String job;
  String definition;
  Payload input;
  List<String> tags;
  boolean declared;
  boolean overridden;
  boolean paused;
  boolean deleted;
  boolean queued;
  int version = 1;
  private long nextAt;
  @Nullable Instant lastAt;
  @Nullable RunId lastRun;
  @Nullable RunId parkedOn;

  MemorySchedule(Amendment.CreateSchedule made, MemoryShares shares) {
    this.id = made.id();
    this.job = shares.text(made.job());
    this.definition = shares.text(made.definition());
    this.input = shares.payload(made.input());
    this.tags = shares.tags(made.tags());
    this.nextAt = micros(made.firstAt());
  }

  MemorySchedule(String job, Declaration.DeclaredSchedule said) {
    this.id = said.id();
    this.job = job;
    this.definition = said.definition();
    this.input = said.input();
    this.tags = said.tags();
    this.declared = true;
    this.nextAt = micros(said.firstAt());
  }

  /** Puts a new declaration in force; what ran stays known. */
  void redeclare(String newJob, Declaration.DeclaredSchedule said) {
    job = newJob;
    input = said.input();
    tags = said.tags();
    declared = true;
    overridden = false;
    paused = false;
    deleted = false;
    change(said.definition(), said.firstAt());
  }

  /** Fires by other rules from now on; what the old ones waited for is forgotten. */
  void change(String newDefinition, Optional<Instant> newNextAt) {
    definition = newDefinition;
    nextAt = micros(newNextAt);
    parkedOn = null;
    queued = false;
    version++;
  }

  void pause(boolean newPaused) {
    paused = newPaused;
    version++;
  }

  /** Keeps only that there was one, for code that still declares it. */
  void bury() {
    deleted = true;
    version++;
  }

  void moveTo(Optional<Instant> newNextAt) {
    nextAt = micros(newNextAt);
    queued = false;
  }

  /** Waits for a time after the end of the run. */
  void waitUntil(Instant newNextAt) {
    nextAt = Commit.toMicros(newNextAt);
    parkedOn = null;
  }

  void unpark() {
    parkedOn = null;
    queued = true;
  }

  private static long micros(Optional<Instant> instant) {
    return instant.isPresent() ? Commit.toMicros(instant.get()) : NEVER;
  }

  boolean mayFire() {
    return hasNext() && !deleted && !paused && parkedOn == null;
  }

  boolean hasNext() {
    return nextAt != NEVER;
  }

  /** Returns the next tick, in microseconds since 1970, if there is one. */
  long nextAt() {
    return nextAt;
  }

  /** Returns whether a node that knows these declared schedules may fire this one. */
  boolean isKnown(Set<String> known) {
    return !declared || known.contains(id);
  }

  /** Returns whether the schedule is still as the firing saw it, and the tick has come. */
  boolean accepts(Firing firing, Instant now) {
    return mayFire()
        && nextAt <= Commit.toMicros(now)
        && version == firing.version()
        && nextAt == Commit.toMicros(firing.nominal())
        && firing.lastRun().equals(Optional.ofNullable(lastRun));
  }

  ScheduleRow toRow(boolean active) {
    return new ScheduleRow(
        id,
        job,
        definition,
        input,
        tags,
        declared ? Origin.CODE : Origin.CLIENT,
        overridden,
        paused,
        version,
        hasNext() ? Optional.of(Commit.ofMicros(nextAt)) : Optional.empty(),
        Optional.ofNullable(lastAt),
        Optional.ofNullable(lastRun),
        active,
        Optional.ofNullable(parkedOn),
        queued);
  }
}
