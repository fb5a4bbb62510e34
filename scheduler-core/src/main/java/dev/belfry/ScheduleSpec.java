// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import static java.util.Objects.requireNonNull;

import dev.belfry.schedule.Schedule;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A schedule to make at run time.
 *
 * @param <I> the type of the job's input
 */
public final class ScheduleSpec<I extends @Nullable Object> {
  private final String id;
  private final Job<I> job;
  private final Schedule schedule;
  private final I input;
  private final List<String> tags;

  private ScheduleSpec(String id, Job<I> job, Schedule schedule, I input, List<String> tags) {
    this.id = Names.check("schedule id", id);
    this.job = requireNonNull(job, "job");
    this.schedule = requireNonNull(schedule, "schedule");
    this.input = input;
    this.tags = tags;
  }

  /**
   * Returns a schedule for a job.
   *
   * @param id unique in the store; of the form of a job's name
   * @param input what each run gets
   */
  public static <I extends @Nullable Object> ScheduleSpec<I> of(
      String id, Job<I> job, Schedule schedule, I input) {
    return new ScheduleSpec<>(id, job, schedule, input, List.of());
  }

  /** Returns a schedule for a job without input. */
  public static ScheduleSpec<@Nullable Void> of(
      String id, Job<@Nullable Void> job, Schedule schedule) {
    return new ScheduleSpec<>(id, job, schedule, null, List.of());
  }

  /** Returns this schedule with labels for its runs. Default: none. */
  public ScheduleSpec<I> withTags(String... newTags) {
    return new ScheduleSpec<>(
        id, job, schedule, input, Stream.of(newTags).map(Names::checkTag).toList());
  }

  String id() {
    return id;
  }

  Job<I> job() {
    return job;
  }

  Schedule schedule() {
    return schedule;
  }

  I input() {
    return input;
  }

  List<String> tags() {
    return tags;
  }
}
