// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit;

import dev.belfry.SchedulerClient;
import dev.belfry.run.Failure;
import dev.belfry.run.Part;
import dev.belfry.run.Pass;
import dev.belfry.run.Run;
import dev.belfry.run.RunQuery;
import dev.belfry.run.RunState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What has become of runs, in words. */
final class Timeline {
  private Timeline() {}

  static String of(SchedulerClient client) {
    var runs = new ArrayList<>(client.runs(RunQuery.all().limit(1_000)).items());
    Collections.reverse(runs);
    return runs.isEmpty()
        ? "no run"
        : runs.stream().map(run -> of(client, run)).collect(Collectors.joining("\n"));
  }

  static String of(SchedulerClient client, Run run) {
    var lines = new ArrayList<String>();
    lines.add(run.createdAt() + " job \"" + run.job() + "\", run " + run.id() + ": " + state(run));
    for (Pass pass : client.passes(run.id())) {
      lines.add("  " + pass.endedAt() + " attempt " + pass.attempt() + " " + words(pass));
    }
    List<Part> parts = client.parts(run.id());
    parts.forEach(part -> lines.add("  " + words(part)));
    return String.join("\n", lines);
  }

  static String state(Run run) {
    RunState state = run.state();
    if (state instanceof RunState.Scheduled scheduled) {
      return "SCHEDULED at " + scheduled.due();
    } else if (state instanceof RunState.Waiting waiting) {
      return "WAITING, " + waiting.reason();
    } else if (state instanceof RunState.Blocked blocked) {
      return "BLOCKED, " + blocked.reason();
    } else if (state instanceof RunState.Failed failed) {
      return "FAILED, " + words(failed.failure());
    } else if (state instanceof RunState.TimedOut timedOut) {
      return "TIMED_OUT, " + words(timedOut.failure());
    }
    return state.status().toString();
  }

  private static String words(Pass pass) {
    String reason = pass.failure().map(Timeline::words).orElse(pass.detail());
    return reason.isEmpty() ? pass.event().toString() : pass.event() + ", " + reason;
  }

  static String words(Failure failure) {
    return failure.message().isEmpty() ? failure.type() : failure.type() + ": " + failure.message();
  }

  private static String words(Part part) {
    String kind = part.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    String place = part.scope().isEmpty() ? "" : " in \"" + part.scope() + "\"";
    String use = part.occurrence() == 0 ? "" : ", use " + (part.occurrence() + 1);
    String tries = part.tries() > 1 ? ", tries: " + part.tries() : "";
    return kind + " \"" + part.id() + "\"" + use + place + tries + ": " + words(part.state());
  }

  static String words(Part.State state) {
    if (state instanceof Part.Done done) {
      return done.value();
    } else if (state instanceof Part.Received received) {
      return "event \"" + received.name() + "\" with " + received.data();
    } else if (state instanceof Part.Failed failed) {
      return "failed, " + words(failed.failure());
    }
    Part.Pending pending = (Part.Pending) state;
    return "pending"
        + pending.until().map(end -> " until " + end).orElse("")
        + pending.lastFailure().map(failure -> ", last " + words(failure)).orElse("");
  }
}
