// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import static dev.belfry.admin.dashboard.Html.all;
import static dev.belfry.admin.dashboard.Html.each;
import static dev.belfry.admin.dashboard.Html.maybe;
import static dev.belfry.admin.dashboard.Html.tag;
import static dev.belfry.admin.dashboard.Html.text;
import static dev.belfry.admin.dashboard.Html.when;

import dev.belfry.JobStatistics;
import dev.belfry.JobView;
import dev.belfry.admin.dashboard.Frame.Go;
import dev.belfry.admin.dashboard.Frame.Next;
import dev.belfry.admin.dashboard.Frame.Page;
import dev.belfry.admin.operations.EnqueueRequest;
import dev.belfry.admin.operations.Enqueued;
import dev.belfry.admin.operations.JobDetail;
import dev.belfry.admin.operations.JobEntry;
import dev.belfry.http.Scope;
import dev.belfry.http.routing.Call;
import dev.belfry.http.routing.Problem;
import dev.belfry.http.routing.Route;
import dev.belfry.run.Run;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** One job: how it has fared, what the code says of it, and a form to run it. */
final class JobPage {
  private final Frame frame;

  JobPage(Frame frame) {
    this.frame = frame;
  }

  List<Route> routes() {
    return List.of(
        frame.page(
            Section.JOBS,
            "/jobs/{name}",
            (call, site) -> show(call, site, Posted.NOTHING, Html.none())),
        frame.form(Section.JOBS, "/jobs/{name}/enqueue", Scope.OPERATE, this::enqueue));
  }

  private Page show(Call call, Site site, Posted form, Html notice) {
    JobDetail detail = frame.operations().jobs().get(call.principal(), call.part("name"));
    JobEntry entry = detail.entry();
    return Page.of(
        Section.JOBS,
        JobsPage.title(entry),
        Panels.head(
            title(site, entry),
            site.may(Scope.OPERATE) ? JobsPage.actions(site, entry) : Html.none()),
        notice,
        lead(site, detail),
        maybe(detail.statistics(), statistics -> figures(site, statistics)),
        tag(
                "div",
                tag("div", runs(site, detail), schedules(site, detail)).is("stack"),
                tag(
                        "div",
                        when(
                            site.may(Scope.OPERATE) && !JobsPage.isOurs(entry),
                            maybe(entry.view(), view -> form(site, view, form))),
                        maybe(entry.view(), view -> facts(site, entry, view)))
                    .is("stack"))
            .is("cols"));
  }

  private static Html title(Site site, JobEntry entry) {
    return all(
        Panels.trail(site, Section.JOBS),
        tag("div", tag("h1", JobsPage.title(entry)), JobsPage.marks(entry)).is("row"),
        when(
            !JobsPage.title(entry).equals(entry.name()),
            tag("span", entry.name()).is("mono muted")));
  }

  private static Html lead(Site site, JobDetail detail) {
    String description = detail.entry().view().map(JobView::description).orElse("");
    return tag(
            "p",
            when(!description.isEmpty(), tag("strong", description + " ")),
            Sentence.about(site, "job", detail.explanation()))
        .is("lead");
  }

  private static Html figures(Site site, JobStatistics statistics) {
    return tag(
            "section",
            Panels.figure(
                "Success",
                text(
                    statistics.successRate().isPresent()
                        ? Numbers.percent(statistics.successRate().getAsDouble())
                        : "–"),
                "over " + Numbers.count(statistics.total(), "run", "runs")),
            Panels.figure(
                "Failed",
                text(Numbers.of(statistics.failed() + statistics.timedOut())),
                statistics.timedOut() == 0
                    ? ""
                    : Numbers.of(statistics.timedOut()) + " of them timed out"),
            Panels.figure(
                "Takes", text(statistics.mean().map(Times::span).orElse("–")), longest(statistics)),
            Panels.figure(
                "Last success",
                statistics
                    .lastSuccess()
                    .flatMap(Runs::ended)
                    .<Html>map(at -> Times.relative(at, site.now()))
                    .orElse(text("never")),
                ""),
            Panels.figure(
                "Next run",
                statistics
                    .nextRun()
                    .<Html>map(at -> Times.relative(at, site.now()))
                    .orElse(text("–")),
                ""))
        .is("panel figures")
        .with("aria-label", "Statistics of the last 90 days");
  }

  private static String longest(JobStatistics statistics) {
    return statistics.longest().map(time -> "at most " + Times.span(time)).orElse("");
  }

  private static Html runs(Site site, JobDetail detail) {
    List<Run> runs = detail.statistics().map(JobStatistics::lastRuns).orElse(List.of());
    Link all = Link.to("runs").with("job", detail.entry().name());
    if (runs.isEmpty()) {
      return Panels.panel(
          "Last runs",
          Panels.empty(
              Section.RUNS,
              "It has never run",
              "It will by a schedule, an event, a call in code, or when you run it here."));
    }
    return Panels.panelWith(
        "Last runs",
        tag("div", Runs.spark(runs, site.now()), site.link(all, "All runs")).is("actions small"),
        Table.<Run>of("Last runs")
            .column(
                "State", "tight", run -> site.link(Runs.link(run), Marks.state(run, site.now())))
            .column("Run", "what", run -> run(site, run))
            .column("Made", "num made", run -> Times.relative(run.createdAt(), site.now()))
            .column("Took", "num took", run -> Runs.tookWords(run, site.now()))
            .rows(runs)
            .is("scroll folds"));
  }

  private static Html run(Site site, Run run) {
    return all(
        site.link(Runs.link(run), Runs.shortId(run.id().toString())).is("mono"),
        text(" "),
        tag("span", Runs.trigger(site, run)).is("muted small rare"),
        maybe(Failures.of(run), failure -> tag("span", Failures.brief(failure)).is("sub")));
  }

  private static Html schedules(Site site, JobDetail detail) {
    if (detail.schedules().isEmpty()) {
      return Html.none();
    }
    return Panels.panel(
        "Schedules",
        SchedulesPage.table(site)
            .rows(
                detail.schedules().stream()
                    .map(e -> new SchedulesPage.Row(e, List.of()))
                    .toList()));
  }

  private static Html facts(Site site, JobEntry entry, JobView view) {
    var facts = new ArrayList<Map.Entry<String, Html>>();
    facts.add(Map.entry("Queue", site.link(Link.to("queues"), entry.queue())));
    facts.add(Map.entry("Priority", text(view.priority())));
    facts.add(Map.entry("Input", type(view.input())));
    if (!view.result().endsWith("Void")) {
      facts.add(Map.entry("Result", type(view.result())));
    }
    facts.add(Map.entry("Retry", text(Sentence.words(view.retry().toString()))));
    time(facts, "Timeout", view.timeout());
    time(facts, "Start within", view.startWithin());
    time(facts, "Finish within", view.finishWithin());
    lines(facts, "Limits", view.limits());
    lines(facts, "Started by", view.events().stream().map(event -> "event " + event).toList());
    lines(facts, "Follows", view.follows());
    lines(facts, "Alerts", view.alerts());
    lines(facts, "Formerly", view.formerly().stream().sorted().toList());
    lines(facts, "Nodes", entry.nodes());
    if (!view.tags().isEmpty()) {
      facts.add(Map.entry("Tags", Marks.tags(site, view.tags())));
    }
    return Panels.panel("As the code has it", Panels.in(Panels.facts("facts", facts)));
  }

  private static Html type(String type) {
    return tag("code", simple(type)).with("title", type);
  }

  /** Returns the name of a type without packages and what it is nested in. */
  private static String simple(String type) {
    return type.replaceAll("[A-Za-z0-9_]+[.$](?=[A-Za-z])", "");
  }

  private static void time(
      List<Map.Entry<String, Html>> facts, String name, Optional<Duration> time) {
    time.ifPresent(limit -> facts.add(Map.entry(name, text(Times.span(limit)))));
  }

  private static void lines(List<Map.Entry<String, Html>> facts, String name, List<String> lines) {
    if (!lines.isEmpty()) {
      facts.add(Map.entry(name, each(lines, line -> tag("div", Sentence.words(line)))));
    }
  }

  private static Html form(Site site, JobView view, Posted form) {
    boolean plain = JobsPage.isPlain(view);
    return Panels.panel(
        "Run it",
        Panels.in(
            Forms.post(
                    site,
                    Link.to("jobs", view.name(), "enqueue"),
                    when(
                        !plain,
                        Forms.field(
                            "e-input",
                            "Input, as JSON",
                            Forms.area("input", form.text("input"), 6),
                            "A value of " + simple(view.input()) + ".")),
                    tag(
                            "details",
                            tag("summary", "When, key and labels"),
                            tag(
                                    "div",
                                    Forms.field(
                                        "e-due",
                                        "Due (UTC)",
                                        Forms.input("due", form.text("due"))
                                            .with("type", "datetime-local"),
                                        "Empty: now."),
                                    Forms.field(
                                        "e-key",
                                        "Key",
                                        Forms.input("key", form.text("key")),
                                        "At most one run holds it."),
                                    Forms.field(
                                        "e-priority",
                                        "Priority",
                                        Forms.input("priority", form.text("priority"))
                                            .with("type", "number")
                                            .with("min", -4)
                                            .with("max", 4),
                                        "-4 to 4."),
                                    Forms.field(
                                        "e-tags",
                                        "Tags",
                                        Forms.input("tags", form.text("tags")),
                                        "Between commas."))
                                .is("fields"))
                        .is("more"),
                    Panels.actions(Forms.submit(plain ? "Run now" : "Enqueue", "first")))
                .is("form")));
  }

  private Next enqueue(Call call, Site site, Posted form) {
    String name = call.part("name");
    try {
      Enqueued made = frame.operations().jobs().enqueue(call.principal(), name, request(form));
      return new Go(Flash.ENQUEUED.on(Link.to("runs", made.run().toString()), 1));
    } catch (Problem problem) {
      if (problem.status() == 404) {
        throw problem;
      }
      Site there = site.standing(Link.to("jobs", name));
      return show(call, there, form, Frame.notice(problem)).refused(problem);
    }
  }

  private static EnqueueRequest request(Posted form) {
    return new EnqueueRequest(
        form.get("input"),
        form.instant("due"),
        Optional.empty(),
        form.get("priority").map(JobPage::priority).orElse(OptionalInt.empty()),
        form.get("key"),
        Optional.empty(),
        Optional.empty(),
        form.words("tags"));
  }

  private static OptionalInt priority(String text) {
    try {
      return OptionalInt.of(Integer.parseInt(text));
    } catch (NumberFormatException wrong) {
      throw Problem.invalid("priority", "priority must be -4 to 4, was \"" + text + "\"");
    }
  }
}
