// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import static dev.belfry.admin.dashboard.Html.all;
import static dev.belfry.admin.dashboard.Html.each;
import static dev.belfry.admin.dashboard.Html.maybe;
import static dev.belfry.admin.dashboard.Html.tag;
import static dev.belfry.admin.dashboard.Html.text;
import static dev.belfry.admin.dashboard.Html.when;

import dev.belfry.admin.dashboard.Frame.Page;
import dev.belfry.admin.dashboard.Marks.Tone;
import dev.belfry.admin.operations.Concern;
import dev.belfry.admin.operations.Overview;
import dev.belfry.admin.operations.Overview.Ended;
import dev.belfry.admin.operations.Overview.Span;
import dev.belfry.admin.operations.ScheduleEntry;
import dev.belfry.http.routing.Call;
import dev.belfry.http.routing.Route;
import dev.belfry.run.Run;
import dev.belfry.run.RunQuery;
import dev.belfry.run.Status;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** How things stand: what needs somebody, what is going on, what ended. */
final class OverviewPage {
  private static final int FEW = 6;
  private static final int SCHEDULES = 200;

  private final Frame frame;

  OverviewPage(Frame frame) {
    this.frame = frame;
  }

  List<Route> routes() {
    return List.of(frame.page(Section.OVERVIEW, "/", this::show));
  }

  private Page show(Call call, Site site) {
    Span span =
        switch (call.parameter("span").orElse("")) {
          case "day" -> Span.DAY;
          case "week" -> Span.WEEK;
          case "quarter" -> Span.QUARTER;
          default -> Span.HOUR;
        };
    Overview overview = frame.operations().overview(site.principal(), span);
    return Page.of(
        Section.OVERVIEW,
        "Overview",
        Panels.head("Overview", spans(site, span)),
        figures(site, overview),
        tag(
                "div",
                tag("div", history(overview), failures(site)).is("stack"),
                tag("div", concerns(site, overview), next(site)).is("stack"))
            .is("cols"));
  }

  private static Html spans(Site site, Span current) {
    Map<Span, String> names = new LinkedHashMap<>();
    names.put(Span.HOUR, "Hour");
    names.put(Span.DAY, "Day");
    names.put(Span.WEEK, "Week");
    names.put(Span.QUARTER, "90 days");
    return tag(
            "nav",
            each(
                names.entrySet(),
                entry -> {
                  Link link =
                      Link.to().with("span", entry.getKey().name().toLowerCase(Locale.ROOT));
                  Html.Tag choice = site.link(link, entry.getValue());
                  return entry.getKey() == current ? choice.with("aria-current", "true") : choice;
                }))
        .is("choice")
        .with("aria-label", "How far back");
  }

  private static Html figures(Site site, Overview overview) {
    long completed = overview.history().stream().mapToLong(Ended::completed).sum();
    long failed = overview.history().stream().mapToLong(Ended::failed).sum();
    long late = overview.history().stream().mapToLong(Ended::timedOut).sum();
    long blocked = overview.pending().getOrDefault(Status.BLOCKED, 0L);
    long judged = completed + failed + late;
    String rate = judged == 0 ? "" : Numbers.percent(completed / (double) judged) + " succeeded";
    return tag(
            "section",
            state(site, overview, Status.RUNNING, ""),
            state(site, overview, Status.SCHEDULED, lag(overview)),
            state(site, overview, Status.WAITING, ""),
            state(
                site,
                overview,
                Status.BLOCKED,
                blocked == 0 ? "" : blocked == 1 ? "needs you" : "need you"),
            ended(site, "Completed", Numbers.of(completed), rate, Status.COMPLETED),
            ended(
                site,
                "Failed",
                Numbers.of(failed + late),
                late == 0 ? "" : Numbers.of(late) + " of them timed out",
                Status.FAILED,
                Status.TIMED_OUT))
        .is("panel figures")
        .with("aria-label", "Runs");
  }

  private static String lag(Overview overview) {
    return overview.lag().isZero() ? "none is late" : "late by " + Times.span(overview.lag());
  }

  private static Html state(Site site, Overview overview, Status status, String note) {
    long count = overview.pending().getOrDefault(status, 0L);
    String css = count == 0 ? " none" : status == Status.BLOCKED ? " warn" : "";
    return site.link(
            Link.to("runs").with("state", status.name()),
            tag("span", Marks.dot(status), text(Marks.word(status))).is("name"),
            tag("span", Numbers.of(count)).is("value").with("data-live", status.name()),
            when(!note.isEmpty(), tag("span", note).is("note")))
        .is("figure" + css);
  }

  private static Html ended(
      Site site, String name, String value, String note, Status first, Status... more) {
    Link link =
        Link.to("runs")
            .withAll(
                "state",
                Stream.concat(Stream.of(first), Stream.of(more)).map(Status::name).toList());
    String css = value.equals("0") ? " none" : first == Status.FAILED ? " bad" : "";
    return site.link(
            link,
            tag("span", Marks.dot(first), text(name)).is("name"),
            tag("span", value).is("value"),
            when(!note.isEmpty(), tag("span", note).is("note")))
        .is("figure" + css);
  }

  private static Html history(Overview overview) {
    List<Charts.Bucket> buckets =
        overview.history().stream()
            .map(e -> new Charts.Bucket(e.start(), e.completed(), e.failed(), e.timedOut()))
            .toList();
    return Panels.panelWith(
        "Runs that ended",
        tag("div", Charts.legend("Completed", "Failed", "Timed out")).is("actions"),
        Panels.in(Charts.bars(buckets, overview.width())));
  }

  private Html failures(Site site) {
    RunQuery query = RunQuery.all().in(Status.FAILED, Status.TIMED_OUT).limit(FEW);
    List<Run> runs = frame.operations().runs().list(site.principal(), query).items();
    Link all = Link.to("runs").withAll("state", List.of("FAILED", "TIMED_OUT"));
    if (runs.isEmpty()) {
      return Panels.panel(
          "Latest failures",
          Panels.empty(Section.RUNS, "No run has failed", "Those that do are shown here."));
    }
    return Panels.panelWith(
        "Latest failures",
        tag("div", site.link(all, "All failures")).is("actions small"),
        Table.<Run>of("Latest failures")
            .column("State", "tight", run -> site.link(Runs.link(run), Marks.state(run.status())))
            .column("Run", run -> failure(site, run))
            .column(
                "Ended", "num", run -> maybe(Runs.ended(run), at -> Times.relative(at, site.now())))
            .rows(runs));
  }

  private static Html failure(Site site, Run run) {
    return all(
        site.link(Runs.link(run), run.job()).is("name-link"),
        maybe(Failures.of(run), failure -> tag("span", Failures.brief(failure)).is("sub")));
  }

  private static Html concerns(Site site, Overview overview) {
    if (overview.concerns().isEmpty()) {
      return Panels.panel(
          "Needs attention",
          Panels.empty(
              Section.ALERTS,
              "Nothing needs you",
              "Alerts, late nodes, overdue and blocked runs and whatever is paused show up here."));
    }
    return Panels.panel(
        "Needs attention",
        tag("ul", each(overview.concerns(), concern -> tag("li", concern(site, concern))))
            .is("problems"));
  }

  private static Html concern(Site site, Concern concern) {
    Tone tone =
        switch (concern.kind()) {
          case NODE_LATE, ALERT -> Tone.BAD;
          case UNSERVED, BLOCKED, OVERDUE -> Tone.WARN;
          case PAUSED -> Tone.IDLE;
        };
    return all(
        Marks.dot(tone),
        tag(
                "div",
                Sentence.of(site, Sentence.capital(concern.sentence())),
                tag(
                        "span",
                        maybe(
                            concern.since(),
                            at -> all(text("since "), Times.relative(at, site.now()), text(" · "))),
                        site.link(where(concern), "Look"))
                    .is("sub"))
            .is("what"));
  }

  private static Link where(Concern concern) {
    return switch (concern.kind()) {
      case NODE_LATE -> Link.to("nodes");
      case ALERT ->
          concern.run().map(run -> Link.to("runs", run.toString())).orElse(Link.to("alerts"));
      case BLOCKED ->
          concern
              .run()
              .map(run -> Link.to("runs", run.toString()))
              .orElse(ofJob(concern).with("state", "BLOCKED"));
      case OVERDUE ->
          concern.run().map(run -> Link.to("runs", run.toString())).orElse(ofJob(concern));
      case UNSERVED -> ofJob(concern);
      case PAUSED -> concern.job().map(job -> Link.to("jobs", job)).orElse(Link.to("queues"));
    };
  }

  private static Link ofJob(Concern concern) {
    return concern.job().map(job -> Link.to("runs").with("job", job)).orElse(Link.to("runs"));
  }

  private Html next(Site site) {
    List<ScheduleEntry> coming =
        frame
            .operations()
            .schedules()
            .list(site.principal(), Optional.empty(), SCHEDULES)
            .items()
            .stream()
            .filter(entry -> entry.view().nextAt().isPresent())
            .filter(entry -> entry.view().state() == dev.belfry.ScheduleView.State.ACTIVE)
            .sorted(Comparator.comparing(entry -> entry.view().nextAt().orElse(site.now())))
            .limit(FEW)
            .toList();
    if (coming.isEmpty()) {
      return Panels.panel(
          "Next by schedule",
          Panels.empty(
              Section.SCHEDULES,
              "Nothing is scheduled",
              "Give a job a schedule in code, or make one under Schedules."));
    }
    return Panels.panel(
        "Next by schedule",
        Table.<ScheduleEntry>of("Next by schedule")
            .column(
                "Schedule",
                entry ->
                    all(
                        site.link(Link.to("schedules", entry.view().id()), entry.view().id())
                            .is("name-link"),
                        tag("span", entry.words()).is("sub")))
            .column(
                "Next",
                "num",
                entry -> maybe(entry.view().nextAt(), at -> Times.relative(at, site.now())))
            .rows(coming));
  }
}
