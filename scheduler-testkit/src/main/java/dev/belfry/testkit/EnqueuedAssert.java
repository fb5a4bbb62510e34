// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit;

import dev.belfry.run.RunQuery;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import dev.belfry.store.JobStore;
import dev.belfry.store.RunRecord;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What is to be true of the runs of a job that have not ended. Each method throws an {@link
 * AssertionError} if it is not, which lists what there is instead.
 */
public final class EnqueuedAssert {
  private final String job;
  private final Supplier<String> timeline;
  private final List<RunRecord> runs;

  EnqueuedAssert(String job, JobStore store, Supplier<String> timeline) {
    this.job = job;
    this.timeline = timeline;
    this.runs =
        store
            .runs(
                RunQuery.ofJob(job)
                    .in(Status.SCHEDULED, Status.WAITING, Status.BLOCKED, Status.RUNNING)
                    .limit(1_000))
            .items();
    check(!runs.isEmpty(), "at least one");
  }

  /** There are so many. */
  public EnqueuedAssert times(int count) {
    return check(runs.size() == count, Integer.toString(count));
  }

  /**
   * One of them has an input.
   *
   * @param json the input as JSON text, as the codec writes it
   */
  public EnqueuedAssert with(String json) {
    return check(
        runs.stream().anyMatch(run -> run.input().toString().equals(json)), "one with " + json);
  }

  /** One of them is due at an instant. */
  public EnqueuedAssert at(Instant due) {
    return check(
        runs.stream()
            .anyMatch(
                run ->
                    run.run().state() instanceof RunState.Scheduled scheduled
                        && scheduled.due().equals(due)),
        "one at " + due);
  }

  private EnqueuedAssert check(boolean holds, String expected) {
    if (!holds) {
      String inputs =
          runs.stream().map(run -> run.input().toString()).collect(Collectors.joining(", "));
      throw new AssertionError(
          "job \""
              + job
              + "\" has "
              + runs.size()
              + " runs that have not ended"
              + (inputs.isEmpty() ? "" : ", with " + inputs)
              + ", expected "
              + expected
              + "; there is:\n"
              + timeline.get());
    }
    return this;
  }
}
