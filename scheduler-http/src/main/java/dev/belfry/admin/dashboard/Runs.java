// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import static dev.belfry.admin.dashboard.Html.text;

import dev.belfry.run.Run;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What lists say of runs. */
final class Runs {
  private Runs() {}

  /** Returns the end of an id, which tells it from others of its time. */
  static String shortId(String id) {
    return "…" + id.substring(Math.max(0, id.length() - 8));
  }

  static Link link(Run run) {
    return Link.to("runs", run.id().toString());
  }

  static Optional<Instant> ended(Run run) {
    return run.state() instanceof RunState.Ended ended ? Optional.of(ended.at()) : Optional.empty();
  }

  static Optional<Integer> attempt(Run run) {
    return run.state() instanceof RunState.Open open
        ? Optional.of(open.attempt())
        : Optional.empty();
  }

  /** Returns how long a run took, or has taken so far, from its first start on. */
  static Optional<Duration> took(Run run, Instant now) {
    boolean skipped = run.status() == Status.SKIPPED;
    return run.startedAt()
        .filter(at -> !skipped)
        .map(at -> Duration.between(at, ended(run).orElse(at.isAfter(now) ? at : now)));
  }

  static Html tookWords(Run run, Instant now) {
    boolean begun = run.status().isFinal() || run.status() == Status.RUNNING;
    return took(run, now)
        .filter(time -> begun && !time.isZero())
        .<Html>map(time -> text(Times.span(time)))
        .orElseGet(() -> Html.tag("span", "–").is("muted"));
  }

  /** Returns what started a run, in words. */
  static Html trigger(Site site, Run run) {
    String kind = Marks.word(run.trigger().kind().name());
    String actor = run.trigger().actor().map(who -> " by " + who).orElse("");
    return run.trigger()
        .schedule()
        .<Html>map(
            id ->
                Html.all(
                    text(kind + actor + " "), site.link(Link.to("schedules", id), id).is("muted")))
        .orElseGet(() -> text(kind + actor));
  }

  /** Returns the state of a run as a link to it, with when it ended. */
  static Html last(Site site, Run run) {
    return Html.all(
        site.link(link(run), Marks.state(run, site.now())).with("title", "run " + run.id()),
        Html.tag("span", Times.relative(ended(run).orElse(run.createdAt()), site.now())).is("sub"));
  }

  /** Returns the last runs as bars, the taller the longer they took. */
  static Html spark(List<Run> newestFirst, Instant now) {
    var runs = new ArrayList<>(newestFirst.subList(0, Math.min(10, newestFirst.size())));
    Collections.reverse(runs);
    long most =
        Math.max(
            1,
            runs.stream()
                .flatMap(run -> took(run, now).stream())
                .mapToLong(Duration::toNanos)
                .max()
                .orElse(1));
    List<Charts.Spark> sparks =
        runs.stream()
            .map(
                run ->
                    new Charts.Spark(
                        took(run, now).map(Duration::toNanos).orElse(0L) / (double) most,
                        Marks.tone(run.status())))
            .toList();
    String label =
        runs.isEmpty()
            ? "No runs yet"
            : "Last runs, oldest first: "
                + runs.stream()
                    .map(run -> Marks.word(run.status()).toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(", "));
    return Charts.spark(sparks, label);
  }
}
