// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit;

import dev.belfry.SchedulerClient;
import dev.belfry.run.Part;
import dev.belfry.run.Pass;
import dev.belfry.run.Run;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import dev.belfry.store.JobStore;
import dev.belfry.store.Payload;
import java.util.List;
import java.util.Objects;

/**
 * What is to be true of a run as it stands now. Each method throws an {@link AssertionError} if it
 * is not, with all that became of the run.
 */
public final class RunAssert {
  private final SchedulerClient client;
  private final JobStore store;
  private final Run run;

  RunAssert(SchedulerClient client, JobStore store, Run run) {
    this.client = client;
    this.store = store;
    this.run = run;
  }

  /** Returns the run. */
  public Run run() {
    return run;
  }

  /** The run has ended well. */
  public RunAssert completed() {
    return is(Status.COMPLETED);
  }

  /** The run has ended badly. */
  public RunAssert failed() {
    return is(Status.FAILED);
  }

  /**
   * The run has ended badly.
   *
   * @param message of what its last attempt died of
   */
  public RunAssert failedWith(String message) {
    failed();
    String was = ((RunState.Failed) run.state()).failure().message();
    return check(was.equals(message), "failed with \"" + was + "\"", "\"" + message + "\"");
  }

  /**
   * The run has ended well and returned a value.
   *
   * @param json the value as JSON text, as the codec writes it; {@code null} of a handler that
   *     returns nothing
   */
  public RunAssert returned(String json) {
    completed();
    String was =
        store.runs(List.of(run.id())).stream()
            .flatMap(record -> record.result().stream())
            .map(Payload::toString)
            .findFirst()
            .orElse("nothing");
    return check(was.equals(json), "has returned " + was, json);
  }

  /** The run is in a state. */
  public RunAssert is(Status status) {
    return check(run.status() == status, "is " + Timeline.state(run), status.toString());
  }

  /** The run has had so many attempts, the first one and a present one included. */
  public RunAssert attempts(int count) {
    int attempts =
        run.state() instanceof RunState.Open open
            ? open.attempt()
            : client.passes(run.id()).stream().mapToInt(Pass::attempt).max().orElse(0);
    return check(attempts == count, "has had " + attempts + " attempts", Integer.toString(count));
  }

  /** The run has a note. */
  public RunAssert note(String key, String value) {
    String was = run.notes().get(key);
    String words = was == null ? "has no note \"" + key + "\"" : "has noted \"" + was + "\"";
    return check(Objects.equals(was, value), words, "\"" + value + "\"");
  }

  /**
   * Returns assertions on a part of the run, the first use of its id outside of branches: a step,
   * sleep, wait, map or other.
   *
   * @throws AssertionError if the run has none of this id; the message lists what it has
   */
  public StepAssert step(String id) {
    List<Part> parts =
        client.parts(run.id()).stream()
            .filter(part -> part.scope().isEmpty() && part.kind() != Part.Kind.VALUE)
            .filter(part -> part.id().equals(id) && part.occurrence() == 0)
            .toList();
    check(!parts.isEmpty(), "has no step \"" + id + "\"", "one");
    return new StepAssert(this, parts.get(0));
  }

  RunAssert check(boolean holds, String was, String expected) {
    if (!holds) {
      throw new AssertionError(
          "run "
              + run.id()
              + " of job \""
              + run.job()
              + "\" "
              + was
              + ", expected "
              + expected
              + "; there is:\n"
              + Timeline.of(client, run));
    }
    return this;
  }
}
