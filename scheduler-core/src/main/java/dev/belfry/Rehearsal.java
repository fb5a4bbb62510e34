// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import static java.util.Objects.requireNonNull;

import dev.belfry.host.Host;
import dev.belfry.run.RunId;
import dev.belfry.store.Codec;
import java.util.List;

/**
 * What comes of an exported run when the present code of its job goes over it: one pass, on the
 * caller's thread, which finds what the run has stored and goes no further. No body of a step, an
 * item, a transaction or a look is called, nothing is started, sent or written, and it is the time
 * at which the run was recorded. The code between the parts runs, as it does in every pass.
 *
 * <p>A run that has stored no part is not gone over, as nothing would keep its handler from being
 * carried out.
 *
 * @param run the run
 * @param job the name of its job, as it was recorded
 * @param recorded what had become of the run, in words: {@code was completed}, {@code waits for
 *     sleep "wait-1-day"}
 * @param differences where the present code goes another way, in the order in which that was met;
 *     empty if it comes to the same end or waits for the same
 */
public record Rehearsal(RunId run, String job, String recorded, List<String> differences) {
  /** Refuses null, and copies the list. */
  public Rehearsal {
    requireNonNull(run, "run");
    requireNonNull(job, "job");
    requireNonNull(recorded, "recorded");
    differences = List.copyOf(differences);
  }

  /**
   * Has the code of a job go over a run.
   *
   * @param document what {@link SchedulerClient#exportRun} has written
   * @param codec the codec of the scheduler that carried the run out
   * @param host where it goes on; its clock must stand still
   * @param jobs the job of the run, by its present or a former name, and those that it invokes
   * @throws IllegalArgumentException if the document is no exported run, or another codec's
   */
  public static Rehearsal of(String document, Codec codec, Host host, Job<?>... jobs) {
    RecordedRun recorded = RecordedRun.parse(document);
    var course = new RecordedCourse(recorded);
    return new Rehearsal(
        recorded.id(),
        recorded.job(),
        course.words(),
        differences(recorded, course, codec, host, jobs));
  }

  private static List<String> differences(
      RecordedRun recorded, RecordedCourse course, Codec codec, Host host, Job<?>... jobs) {
    Jobs known = Jobs.of(List.of(jobs));
    JobDefinition<?, ?> job = known.find(recorded.job());
    if (job == null) {
      return List.of(
          "job \""
              + recorded.job()
              + "\" is not known, jobs are "
              + known.names()
              + "; one that was renamed says formerly(\""
              + recorded.job()
              + "\")");
    } else if (!course.hasParts()) {
      return List.of();
    } else if (job.isBatched()) {
      return List.of(
          "job \"" + job.name() + "\" has its runs in batches, whose body can't go over parts");
    }
    var pass = new RehearsedPass(recorded, codec);
    pass.go(job, host, jobs);
    return new RehearsalDifferences(recorded, course, pass).all();
  }

  /** Returns whether the present code goes the way of the run. */
  public boolean isSame() {
    return differences.isEmpty();
  }
}
