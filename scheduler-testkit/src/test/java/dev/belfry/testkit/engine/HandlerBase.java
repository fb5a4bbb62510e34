// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.Job;
import dev.belfry.JobContext;
import dev.belfry.RunHandle;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A world with one handler, which each test writes, and what it has called. */
abstract class HandlerBase {
  final World world = new World();
  final List<String> calls = new ArrayList<>();

  /** What a handler of these tests does. */
  interface Handler {
    void run(JobContext ctx) throws Exception;
  }

  /** Returns a job that has three attempts, ten seconds apart. */
  static Job<String> job(Handler handler) {
    return Job.named("job", String.class)
        .retry(RetryPolicy.fixed(Duration.ofSeconds(10)).withMaxAttempts(3))
        .handler((ctx, input) -> handler.run(ctx));
  }

  /** Carries one run out, to its end. */
  RunHandle run(Handler handler) {
    return world.runOne(job(handler));
  }

  static void failFirst(JobContext ctx) throws IOException {
    if (ctx.attempt() == 1) {
      throw new IOException("the first time");
    }
  }

  /** Notes a call, and when it was. */
  void call(String what) {
    calls.add(what + " at " + world.elapsed());
  }

  Status status(RunHandle handle) {
    return world.run(handle.id()).status();
  }

  void assertCompleted(RunHandle handle) {
    assertThat(world.state(handle.id())).isInstanceOf(RunState.Completed.class);
  }

  void assertFailed(RunHandle handle, String message) {
    assertThat(world.state(handle.id()))
        .isInstanceOfSatisfying(
            RunState.Failed.class,
            failed -> assertThat(failed.failure().message()).isEqualTo(message));
  }
}
