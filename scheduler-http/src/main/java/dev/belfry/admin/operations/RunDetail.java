// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import dev.belfry.Progress;
import dev.belfry.run.Pass;
import dev.belfry.run.Run;
import dev.belfry.run.RunId;
import java.util.List;
import java.util.Optional;

/**
 * All that there is to see of a run, without secrets.
 *
 * @param run the run
 * @param fence grows with each change of its state: what a copy is compared by
 * @param input what its handler gets
 * @param result what its handler returned
 * @param passes its ended passes, oldest first
 * @param parts what is stored of its parts, in the order in which they were last written
 * @param progress how far it says it is
 * @param explanation a sentence: where it is, and why it has not started
 * @param links other runs that it has to do with, those that who asks may see
 */
public record RunDetail(
    Run run,
    long fence,
    Shown input,
    Optional<Shown> result,
    List<Pass> passes,
    List<PartDetail> parts,
    Optional<Progress> progress,
    String explanation,
    List<Link> links) {
  /** Copies the lists. */
  public RunDetail {
    passes = List.copyOf(passes);
    parts = List.copyOf(parts);
    links = List.copyOf(links);
  }

  /**
   * Another run.
   *
   * @param relation what it is to this one
   * @param run its id
   * @param job its job
   */
  public record Link(Relation relation, RunId run, String job) {}

  /** What another run is to a run. */
  public enum Relation {
    /** It has made this run. */
    PARENT,
    /** It was done again by this run. */
    RETRY_OF,
    /** It comes after the group that this run is of. */
    GROUP,
    /** This run has made it, and waits for it or did. */
    CHILD
  }
}
