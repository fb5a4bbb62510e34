// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit;

import dev.belfry.run.Part;

/**
 * What is to be true of a part of a run. Each method throws an {@link AssertionError} if it is not,
 * with all that became of the run.
 */
public final class StepAssert {
  private final RunAssert run;
  private final Part part;

  StepAssert(RunAssert run, Part part) {
    this.run = run;
    this.part = part;
  }

  /** It has ended well. */
  public StepAssert done() {
    return check(
        part.state() instanceof Part.Done || part.state() instanceof Part.Received,
        "is " + Timeline.words(part.state()),
        "it to be done");
  }

  /**
   * It has returned a value.
   *
   * @param json the value as JSON text, as the codec writes it
   */
  public StepAssert returned(String json) {
    done();
    String was = Timeline.words(part.state());
    return check(was.equals(json), "has returned " + was, json);
  }

  /** It has ended badly, and is not tried again. */
  public StepAssert failed() {
    return check(
        part.state() instanceof Part.Failed,
        "is " + Timeline.words(part.state()),
        "it to have failed");
  }

  /** It has begun and not ended: it sleeps, waits, or is to be tried again. */
  public StepAssert pending() {
    return check(
        part.state() instanceof Part.Pending,
        "is " + Timeline.words(part.state()),
        "it to be pending");
  }

  /**
   * Its body was started so many times since it had a memo: tries of its own policy, and the one
   * that succeeded. Those that failed a whole attempt are the run's.
   */
  public StepAssert attempts(int count) {
    return check(
        part.tries() == count, "has had " + part.tries() + " tries", Integer.toString(count));
  }

  /** Returns assertions on another part of the run. */
  public StepAssert step(String id) {
    return run.step(id);
  }

  private StepAssert check(boolean holds, String was, String expected) {
    run.check(holds, "has a step \"" + part.id() + "\" that " + was, expected);
    return this;
  }
}
