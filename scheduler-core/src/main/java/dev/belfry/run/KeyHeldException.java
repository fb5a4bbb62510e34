// SPDX-License-Identifier: Apache-2.0
package dev.belfry.run;

/** Says that a run was not enqueued because another holds its {@link Unique} key. */
public final class KeyHeldException extends SchedulerException {
  private static final long serialVersionUID = 1;

  private final transient RunId holder;

  /** Creates the exception for a job, a key and the run that holds it. */
  public KeyHeldException(String job, String key, RunId holder) {
    super("unique key \"" + key + "\" of job \"" + job + "\" is held by run " + holder);
    this.holder = holder;
  }

  /** Returns the run that holds the key. */
  public RunId holder() {
    return holder;
  }
}
