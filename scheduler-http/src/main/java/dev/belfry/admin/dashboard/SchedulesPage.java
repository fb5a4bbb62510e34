// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import static dev.belfry.admin.dashboard.Html.all;
import static dev.belfry.admin.dashboard.Html.maybe;
import static dev.belfry.admin.dashboard.Html.tag;
import static dev.belfry.admin.dashboard.Html.text;
import static dev.belfry.admin.dashboard.Html.when;

import dev.belfry.ScheduleView;
import dev.belfry.admin.dashboard.Frame.Page;
import dev.belfry.admin.dashboard.Marks.Tone;
import dev.belfry.admin.operations.ScheduleEntry;
import dev.belfry.http.Scope;
import dev.belfry.http.routing.Call;
import dev.belfry.http.routing.Route;
import dev.belfry.run.Run;
import dev.belfry.run.RunQuery;
import java.util.List;

/** The list of schedules. */
final class SchedulesPage {
  private static final int PAGE = 25;

  private final Frame frame;

  SchedulesPage(Frame frame) {
    this.frame = frame;
  }

  /** A schedule with its last runs, newest first. */
  record Row(ScheduleEntry entry, List<Run> runs) {}

  List<Route> routes() {
    return List.of(frame.page(Section.SCHEDULES, "/schedules", this::list));
  }

  private Page list(Call call, Site site) {
    dev.belfry.run.Page<ScheduleEntry> page =
        frame.operations().schedules().list(site.principal(), call.parameter("after"), PAGE);
    List<Row> rows =
        page.items().stream()
            .map(entry -> new Row(entry, runs(frame, site, entry.view())))
            .toList();
    Html content =
        rows.isEmpty()
            ? Panels.empty(
                Section.SCHEDULES,
                "There are no schedules",
                all(
                    tag("p", "A job has one by its code:"),
                    tag(
                        "pre",
                        "Job.named(\"report\").schedule(Schedule.daily(LocalTime.of(6, 0)))…"),
                    when(
                        site.may(Scope.ADMIN),
                        site.link(Link.to("new-schedule"), "Make one here").is("button"))))
            : all(
                table(site).rows(rows),
                when(page.more() || call.parameter("after").isPresent(), pager(site, page)));
    return Page.of(
        Section.SCHEDULES,
        "Schedules",
        Panels.head(
            "Schedules",
            when(
                site.may(Scope.ADMIN),
                site.link(Link.to("new-schedule"), "New schedule").is("button first"))),
        tag("section", content).is("panel").with("aria-label", "Schedules"));
  }

  static List<Run> runs(Frame frame, Site site, ScheduleView view) {
    RunQuery query = RunQuery.ofJob(view.job()).ofSchedule(view.id()).limit(10);
    return frame.operations().runs().list(site.principal(), query).items();
  }

  private static Html pager(Site site, dev.belfry.run.Page<ScheduleEntry> page) {
    List<ScheduleEntry> items = page.items();
    return tag(
            "div",
            tag(
                    "nav",
                    site.link(Link.to("schedules"), "First").is("button slim"),
                    when(
                        page.more(),
                        site.link(
                                Link.to("schedules")
                                    .with("after", items.get(items.size() - 1).view().id()),
                                "Next →")
                            .is("button slim")))
                .is("actions")
                .with("aria-label", "Pages"))
        .is("foot");
  }

  static Table<Row> table(Site site) {
    return Table.<Row>of("Schedules")
        .column("Schedule", row -> name(site, row.entry()))
        .column("Next", "num", row -> next(site, row.entry().view()))
        .column("Last", "tight", row -> last(site, row.entry()))
        .column("Last ten", "tight rare", row -> Runs.spark(row.runs(), site.now()))
        .plainIf(
            site.may(Scope.OPERATE),
            "Actions",
            "do rare",
            row -> actions(site, row.entry().view()));
  }

  private static Html name(Site site, ScheduleEntry entry) {
    ScheduleView view = entry.view();
    boolean other = !view.job().equals(view.id());
    return all(
        site.link(Link.to("schedules", view.id()), view.id()).is("name-link"),
        text(" "),
        marks(view),
        tag(
                "span",
                text(entry.words()),
                when(other, all(text(" · "), site.link(Link.to("jobs", view.job()), view.job()))))
            .is("sub"));
  }

  static Html marks(ScheduleView view) {
    return all(
        switch (view.state()) {
          case PAUSED -> Marks.pill(Tone.WARN, "Paused");
          case WAITING -> Marks.pill(Tone.WAIT, "Waits for a run");
          case ENDED -> Marks.pill(Tone.IDLE, "Over");
          case ACTIVE -> Html.none();
        },
        text(" "),
        when(view.overridden(), tag("span", "Changed by hand").is("tag")),
        when(!view.declared(), tag("span", "Not in code").is("tag")));
  }

  private static Html next(Site site, ScheduleView view) {
    boolean fires = view.state() == ScheduleView.State.ACTIVE;
    return fires && view.nextAt().isPresent()
        ? Times.relative(view.nextAt().get(), site.now())
        : tag("span", "–").is("muted");
  }

  private static Html last(Site site, ScheduleEntry entry) {
    return entry.lastRun().isEmpty()
        ? tag("span", entry.view().lastAt().isPresent() ? "Gone" : "Never").is("muted")
        : maybe(entry.lastRun(), run -> Runs.last(site, run));
  }

  static Html actions(Site site, ScheduleView view) {
    return Panels.actions(
        Forms.button(site, Link.to("schedules", view.id(), "run"), "Run now", "slim"),
        view.state() == ScheduleView.State.PAUSED
            ? Forms.button(site, Link.to("schedules", view.id(), "resume"), "Resume", "slim")
            : Forms.button(site, Link.to("schedules", view.id(), "pause"), "Pause", "slim quiet"));
  }
}
