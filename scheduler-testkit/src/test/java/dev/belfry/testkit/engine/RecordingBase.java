// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.Job;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.run.RunId;
import dev.belfry.testkit.Replay;
import dev.belfry.testkit.RunReplayer;
import java.io.IOException;
import java.io.StringReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Records runs of one code, and goes over them with another. */
abstract class RecordingBase extends HandlerBase {
  /** An exported run. */
  record Recording(RunId run, String document) {}

  /** Lets a run of the first job go on for some time, and exports it. */
  Recording record(Duration time, Job<String> job, Job<?>... others) throws IOException {
    var all = new ArrayList<Job<?>>(List.of(others));
    all.add(job);
    try (Scheduler scheduler = world.start(all.toArray(Job<?>[]::new))) {
      RunHandle handle = scheduler.enqueue(job, "input");
      world.time.advance(time);
      return export(scheduler, handle.id());
    }
  }

  /** Lets a run of such a handler go on for an hour, and exports it. */
  Recording record(Handler handler) throws IOException {
    return record(Duration.ofHours(1), job(handler));
  }

  static Recording export(Scheduler scheduler, RunId run) throws IOException {
    var document = new StringBuilder();
    scheduler.exportRun(run, document);
    return new Recording(run, document.toString());
  }

  /** Goes over a run, and makes sure that nothing was called on the way. */
  Replay replay(Recording recording, Job<?>... jobs) throws IOException {
    var before = List.copyOf(calls);
    Replay replay = RunReplayer.of(jobs).replay(new StringReader(recording.document));
    assertThat(calls).isEqualTo(before);
    return replay;
  }

  List<String> differences(Recording recording, Job<?>... jobs) throws IOException {
    return replay(recording, jobs).differences();
  }

  List<String> differences(Recording recording, Handler present) throws IOException {
    return differences(recording, job(present));
  }
}
