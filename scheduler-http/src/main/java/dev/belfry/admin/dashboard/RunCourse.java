// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import static dev.belfry.admin.dashboard.Html.all;
import static dev.belfry.admin.dashboard.Html.each;
import static dev.belfry.admin.dashboard.Html.maybe;
import static dev.belfry.admin.dashboard.Html.tag;
import static dev.belfry.admin.dashboard.Html.text;
import static dev.belfry.admin.dashboard.Html.when;

import dev.belfry.admin.dashboard.Marks.Tone;
import dev.belfry.admin.operations.RunDetail;
import dev.belfry.run.Failure;
import dev.belfry.run.Pass;
import dev.belfry.run.Run;
import dev.belfry.run.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** How a run went: its passes on a line of time, and one after another. */
final class RunCourse {
  private static final int MOST_LANES = 12;

  private RunCourse() {}

  /** Returns a lane for each attempt, with its passes. */
  static Html lanes(Site site, RunDetail detail) {
    Run run = detail.run();
    List<Pass> passes = detail.passes().stream().filter(pass -> pass.attempt() > 0).toList();
    boolean running = run.state() instanceof RunState.Running;
    if (passes.isEmpty() || (passes.size() == 1 && !running)) {
      return Html.none();
    }
    Instant from = passes.get(0).startedAt();
    Instant to =
        running
            ? site.now()
            : passes.stream().map(Pass::endedAt).max(Instant::compareTo).orElse(from);
    int last = passes.get(passes.size() - 1).attempt();
    var rows = new ArrayList<Html>();
    for (int attempt = Math.max(1, last - MOST_LANES + 1); attempt <= last + 1; attempt++) {
      rows.add(lane(run, passes, attempt, from, to));
    }
    return Panels.panelWith(
        "Attempts",
        tag("span", Times.span(Duration.between(from, to)) + " in all").is("muted small"),
        Panels.in(tag("div", rows.toArray(Html[]::new)).is("lanes")));
  }

  private static Html lane(Run run, List<Pass> passes, int attempt, Instant from, Instant to) {
    var stretches = new ArrayList<Charts.Stretch>();
    Duration ran = Duration.ZERO;
    for (Pass pass : passes) {
      if (pass.attempt() == attempt) {
        stretches.add(
            new Charts.Stretch(pass.startedAt(), pass.endedAt(), Marks.tone(pass.event())));
        ran = ran.plus(pass.ran());
      }
    }
    if (run.state() instanceof RunState.Running running && running.attempt() == attempt) {
      stretches.add(new Charts.Stretch(running.since(), to, Tone.BUSY));
      ran = ran.plus(Duration.between(running.since(), to));
    }
    if (stretches.isEmpty()) {
      return Html.none();
    }
    String passed = stretches.size() == 1 ? "" : ", " + stretches.size() + " passes";
    return all(
        tag("span", "Attempt " + attempt + passed),
        Charts.line(from, to, stretches),
        tag("span", "ran " + Times.span(ran)).is("end"));
  }

  /** Returns what happened, one thing after another. */
  static Html panel(Site site, RunDetail detail) {
    Run run = detail.run();
    var entries = new ArrayList<Html>();
    entries.add(
        entry(
            Tone.IDLE,
            "Made",
            Times.clock(run.createdAt(), site.now()),
            Html.all(text("Started by: "), Runs.trigger(site, run))));
    for (Pass pass : detail.passes()) {
      entries.add(pass(site, pass));
    }
    if (!run.status().isFinal()) {
      entries.add(present(site, run));
    }
    return Panels.panel("Course", tag("ol", each(entries, entry -> entry)).is("course"));
  }

  private static Html pass(Site site, Pass pass) {
    String attempt = pass.attempt() == 0 ? "" : " · attempt " + pass.attempt();
    boolean began = pass.node().isPresent() && !pass.ran().isZero();
    return entry(
        Marks.tone(pass.event()),
        Marks.word(pass.event().name()) + attempt,
        Times.clock(pass.endedAt(), site.now()),
        all(
            when(began, tag("span", "Ran " + Times.span(pass.ran()) + ". ")),
            when(!pass.detail().isEmpty(), Sentence.of(site, sentence(pass.detail()))),
            when(
                pass.counters().processed() > 0,
                text(
                    " "
                        + Numbers.of(pass.counters().succeeded())
                        + " items good, "
                        + Numbers.of(pass.counters().failed())
                        + " failed.")),
            maybe(pass.failure(), failure -> failure(pass, failure))));
  }

  private static Html failure(Pass pass, Failure failure) {
    return tag(
            "details",
            tag("summary", Failures.brief(failure)),
            Data.pre(
                failure.trace().isEmpty() ? failure.toString() : failure.trace(),
                "What attempt " + pass.attempt() + " died of, pass " + pass.fence()))
        .is("more");
  }

  private static String sentence(String words) {
    String upper = Sentence.capital(words);
    return upper.endsWith(".") ? upper : upper + ".";
  }

  private static Html present(Site site, Run run) {
    RunState state = run.state();
    if (state instanceof RunState.Running running) {
      return entry(
          Tone.BUSY,
          "Running · attempt " + running.attempt(),
          Times.relative(running.since(), site.now()),
          text("On node " + running.node() + "."));
    } else if (state instanceof RunState.Scheduled scheduled) {
      return entry(
          Tone.IDLE,
          scheduled.due().isAfter(site.now()) ? "Due later" : "Due",
          Times.relative(scheduled.due(), site.now()),
          Html.none());
    } else if (state instanceof RunState.Waiting waiting) {
      return entry(Tone.WAIT, "Waiting", Html.none(), text(sentence(waiting.reason())));
    }
    return entry(
        Marks.tone(run.status()),
        Marks.word(run.status()),
        Html.none(),
        state instanceof RunState.Blocked blocked ? text(sentence(blocked.reason())) : Html.none());
  }

  private static Html entry(Tone tone, String what, Html when, Html then) {
    return tag(
        "li",
        Marks.dot(tone),
        tag("div", tag("strong", what), tag("span", when).is("when")).is("what"),
        tag("div", then).is("then"));
  }
}
