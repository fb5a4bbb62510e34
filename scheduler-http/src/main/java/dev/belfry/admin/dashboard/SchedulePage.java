// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import static dev.belfry.admin.dashboard.Html.all;
import static dev.belfry.admin.dashboard.Html.maybe;
import static dev.belfry.admin.dashboard.Html.tag;
import static dev.belfry.admin.dashboard.Html.text;
import static dev.belfry.admin.dashboard.Html.when;

import dev.belfry.ScheduleView;
import dev.belfry.admin.dashboard.Frame.Go;
import dev.belfry.admin.dashboard.Frame.Next;
import dev.belfry.admin.dashboard.Frame.Page;
import dev.belfry.admin.operations.Enqueued;
import dev.belfry.admin.operations.ScheduleDetail;
import dev.belfry.http.Scope;
import dev.belfry.http.routing.Call;
import dev.belfry.http.routing.Problem;
import dev.belfry.http.routing.Route;
import dev.belfry.run.Run;
import dev.belfry.schedule.PlannedTick;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One schedule: when it fires, what it did, and what can be done to it. */
final class SchedulePage {
  private static final int TICKS = 5;

  private final Frame frame;

  SchedulePage(Frame frame) {
    this.frame = frame;
  }

  List<Route> routes() {
    return List.of(
        frame.page(Section.SCHEDULES, "/schedules/{id}", this::show),
        frame.form(Section.SCHEDULES, "/schedules/{id}/run", Scope.OPERATE, this::run),
        frame.form(Section.SCHEDULES, "/schedules/{id}/pause", Scope.OPERATE, this::pause),
        frame.form(Section.SCHEDULES, "/schedules/{id}/resume", Scope.OPERATE, this::resume),
        frame.page(Section.SCHEDULES, "/schedules/{id}/delete", Scope.ADMIN, this::askDelete),
        frame.form(Section.SCHEDULES, "/schedules/{id}/delete", Scope.ADMIN, this::delete),
        frame.page(Section.SCHEDULES, "/schedules/{id}/reset", Scope.ADMIN, this::askReset),
        frame.form(Section.SCHEDULES, "/schedules/{id}/reset", Scope.ADMIN, this::reset));
  }

  private ScheduleDetail detail(Call call) {
    return frame.operations().schedules().get(call.principal(), call.part("id"), TICKS);
  }

  private Page show(Call call, Site site) {
    ScheduleDetail detail = detail(call);
    ScheduleView view = detail.entry().view();
    List<Run> runs = SchedulesPage.runs(frame, site, view);
    return Page.of(
        Section.SCHEDULES,
        view.id(),
        Panels.head(
            all(
                Panels.trail(site, Section.SCHEDULES),
                tag("div", tag("h1", view.id()), SchedulesPage.marks(view)).is("row"),
                tag("span", detail.entry().words()).is("muted")),
            actions(site, detail)),
        tag("p", Sentence.about(site, "schedule", detail.explanation())).is("lead"),
        tag(
                "div",
                tag("div", ticks(site, detail), runs(site, view, runs)).is("stack"),
                tag(
                        "div",
                        facts(site, detail),
                        Panels.panel("Input", Panels.in(Data.shown(detail.input(), "Input"))))
                    .is("stack"))
            .is("cols"));
  }

  private static Html actions(Site site, ScheduleDetail detail) {
    ScheduleView view = detail.entry().view();
    boolean undone = detail.declaredHere() && (view.overridden() || isPaused(view));
    return all(
        when(site.may(Scope.OPERATE), SchedulesPage.actions(site, view)),
        when(
            site.may(Scope.ADMIN),
            Panels.actions(
                site.link(Link.to("schedules", view.id(), "edit"), "Change…").is("button slim"),
                when(
                    undone,
                    site.link(Link.to("schedules", view.id(), "reset"), "Reset to code…")
                        .is("button slim")),
                site.link(Link.to("schedules", view.id(), "delete"), "Delete…")
                    .is("button slim danger"))));
  }

  private static boolean isPaused(ScheduleView view) {
    return view.state() == ScheduleView.State.PAUSED;
  }

  private static Html ticks(Site site, ScheduleDetail detail) {
    if (detail.ticks().isEmpty()) {
      boolean paused = isPaused(detail.entry().view());
      return Panels.panel(
          "Next",
          Panels.empty(
              Section.SCHEDULES,
              paused ? "It is paused" : "No tick is known",
              paused
                  ? "Resume it, and it fires at its next time. Run now works all the same."
                  : "It is over, or counts from the end of a run that goes on."));
    }
    return Panels.panel("Next " + detail.ticks().size(), ticks(site, detail.ticks()));
  }

  static Html ticks(Site site, List<PlannedTick> ticks) {
    return Table.<PlannedTick>of("Next ticks")
        .column("When", "tight", tick -> Times.relative(tick.at(), site.now()))
        .column(
            "At",
            tick ->
                all(
                    Times.exact(tick.at()),
                    when(
                        tick.rule() != PlannedTick.Rule.CLOCK
                            && tick.rule() != PlannedTick.Rule.PERIOD,
                        tag("span", tick.reason()).is("sub"))))
        .rows(ticks);
  }

  private static Html runs(Site site, ScheduleView view, List<Run> runs) {
    Link all = Link.to("runs").with("job", view.job()).with("schedule", view.id());
    if (runs.isEmpty()) {
      return Panels.panel(
          "Last runs",
          Panels.empty(
              Section.RUNS, "It has started no run yet", "Wait for its next tick, or run it now."));
    }
    return Panels.panelWith(
        "Last runs",
        tag("div", Runs.spark(runs, site.now()), site.link(all, "All runs")).is("actions small"),
        Table.<Run>of("Last runs")
            .column(
                "State", "tight", run -> site.link(Runs.link(run), Marks.state(run, site.now())))
            .column(
                "For",
                run ->
                    all(
                        run.trigger().nominal().isPresent()
                            ? maybe(run.trigger().nominal(), Times::exact)
                            : Runs.trigger(site, run),
                        maybe(
                            Failures.of(run),
                            failure -> tag("span", Failures.brief(failure)).is("sub"))))
            .column("Took", "num", run -> Runs.tookWords(run, site.now()))
            .rows(runs));
  }

  private static Html facts(Site site, ScheduleDetail detail) {
    ScheduleView view = detail.entry().view();
    var facts = new ArrayList<Map.Entry<String, Html>>();
    facts.add(Map.entry("Job", site.link(Link.to("jobs", view.job()), view.job())));
    facts.add(Map.entry("Text", tag("code", view.definition())));
    detail.entry().zone().ifPresent(zone -> facts.add(Map.entry("Zone", text(zone.getId()))));
    facts.add(Map.entry("State", text(Marks.word(view.state().name()))));
    facts.add(
        Map.entry(
            "From",
            text(
                !view.declared()
                    ? "Made by hand"
                    : view.overridden() ? "Code, changed by hand" : "Code")));
    view.lastAt()
        .ifPresent(at -> facts.add(Map.entry("Last tick", Times.relative(at, site.now()))));
    if (!view.tags().isEmpty()) {
      facts.add(Map.entry("Tags", Marks.tags(site, view.tags())));
    }
    return Panels.panel("Facts", Panels.in(Panels.facts("facts", facts)));
  }

  // Done

  private Next run(Call call, Site site, Posted form) {
    String id = call.part("id");
    boolean anyway = form.get("anyway").isPresent();
    try {
      Enqueued made = frame.operations().schedules().trigger(call.principal(), id, anyway);
      return new Go(Flash.TRIGGERED.on(Link.to("runs", made.run().toString()), 1));
    } catch (Problem problem) {
      if (problem.status() != 409) {
        throw problem;
      }
      Link back = form.back(Link.to("schedules", id));
      return Page.of(
              Section.SCHEDULES,
              "Run anyway",
              Panels.trail(site, Section.SCHEDULES),
              Confirm.panel(
                  site.standing(back),
                  "Its last run has not ended. Run it beside?",
                  "This schedule does not allow overlap. A second run beside the first may do the"
                      + " same work twice.",
                  Link.to("schedules", id, "run"),
                  "Run anyway",
                  true,
                  back,
                  Forms.hidden("anyway", "yes")))
          .refused(problem);
    }
  }

  private Next pause(Call call, Site site, Posted form) {
    frame.operations().schedules().pause(call.principal(), call.part("id"));
    return new Go(Flash.PAUSED.on(form.back(Link.to("schedules", call.part("id"))), 1));
  }

  private Next resume(Call call, Site site, Posted form) {
    frame.operations().schedules().resume(call.principal(), call.part("id"));
    return new Go(Flash.RESUMED.on(form.back(Link.to("schedules", call.part("id"))), 1));
  }

  private Page askDelete(Call call, Site site) {
    ScheduleView view = detail(call).entry().view();
    String means =
        view.declared()
            ? "It fires no more; its runs stay. Code declares it: it comes back when the code says"
                + " something new of it, or by a reset."
            : "It fires no more; its runs stay. This can't be undone.";
    return ask(site, view, "Delete", "Delete schedule " + view.id() + "?", means, true);
  }

  private Page askReset(Call call, Site site) {
    ScheduleView view = detail(call).entry().view();
    return ask(
        site,
        view,
        "Reset",
        "Reset schedule " + view.id() + " to what the code says?",
        "What was changed by hand is lost: " + view.definition() + ". A pause ends.",
        false);
  }

  private static Page ask(
      Site site, ScheduleView view, String verb, String title, String means, boolean danger) {
    Link back = Link.to("schedules", view.id());
    return Page.of(
        Section.SCHEDULES,
        verb + " schedule",
        Panels.trail(site, Section.SCHEDULES),
        Confirm.panel(
            site.standing(danger ? Link.to("schedules") : back),
            title,
            means,
            Link.to("schedules", view.id(), verb.toLowerCase(Locale.ROOT)),
            verb + " the schedule",
            danger,
            back,
            Html.none()));
  }

  private Next delete(Call call, Site site, Posted form) {
    frame.operations().schedules().delete(call.principal(), call.part("id"));
    return new Go(Flash.DELETED.on(form.back(Link.to("schedules")), 1));
  }

  private Next reset(Call call, Site site, Posted form) {
    frame.operations().schedules().reset(call.principal(), call.part("id"));
    return new Go(Flash.RESET.on(Link.to("schedules", call.part("id")), 1));
  }
}
