// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import static dev.belfry.admin.dashboard.Html.all;
import static dev.belfry.admin.dashboard.Html.each;
import static dev.belfry.admin.dashboard.Html.maybe;
import static dev.belfry.admin.dashboard.Html.tag;
import static dev.belfry.admin.dashboard.Html.text;
import static dev.belfry.admin.dashboard.Html.when;

import dev.belfry.Progress;
import dev.belfry.admin.dashboard.Frame.Go;
import dev.belfry.admin.dashboard.Frame.Next;
import dev.belfry.admin.dashboard.Frame.Page;
import dev.belfry.admin.operations.RunDetail;
import dev.belfry.http.Scope;
import dev.belfry.http.routing.Call;
import dev.belfry.http.routing.Route;
import dev.belfry.run.Pass;
import dev.belfry.run.Run;
import dev.belfry.run.RunId;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One run: where it is, why, and how it got there. */
final class RunPage {
  private final Frame frame;

  RunPage(Frame frame) {
    this.frame = frame;
  }

  List<Route> routes() {
    return List.of(
        frame.page(Section.RUNS, "/runs/{id}", this::show),
        frame.page(Section.RUNS, "/runs/{id}/cancel", Scope.OPERATE, this::ask),
        frame.form(Section.RUNS, "/runs/{id}/cancel", Scope.OPERATE, this::cancel),
        frame.form(Section.RUNS, "/runs/{id}/retry", Scope.OPERATE, this::retry));
  }

  private RunDetail detail(Call call) {
    return frame.operations().runs().get(call.principal(), RunFilter.id(call.part("id")));
  }

  private Page show(Call call, Site site) {
    RunDetail detail = detail(call);
    Run run = detail.run();
    return Page.of(
        Section.RUNS,
        run.job() + " " + Runs.shortId(run.id().toString()),
        head(site, run),
        tag("p", Sentence.about(site, "run", detail.explanation())).is("lead"),
        maybe(detail.progress(), progress -> progress(site, progress)),
        tag(
                "div",
                tag(
                        "div",
                        maybe(
                            Failures.of(run),
                            failure ->
                                Panels.panel("Error", Panels.in(near(Failures.whole(failure))))),
                        RunCourse.lanes(site, detail),
                        RunCourse.panel(site, detail),
                        RunSteps.panel(site, detail),
                        logs(detail.passes()))
                    .is("stack"),
                tag("div", facts(site, run), data(detail), links(site, detail)).is("stack"))
            .is("cols"));
  }

  private static Html.Tag near(Html... content) {
    return tag("div", content).is("near");
  }

  private static Html head(Site site, Run run) {
    Link here = Runs.link(run);
    boolean open = !run.status().isFinal();
    boolean retries = !open || run.status() == Status.SCHEDULED || run.status() == Status.BLOCKED;
    var actions = new ArrayList<Html>();
    if (site.may(Scope.OPERATE)) {
      if (retries) {
        String word = open ? "Start now" : "Retry";
        actions.add(Forms.button(site, new Link(join(here, "retry"), Map.of()), word, ""));
      }
      if (open && !run.cancelRequested()) {
        actions.add(
            site.link(new Link(join(here, "cancel"), Map.of()), "Cancel…").is("button danger"));
      }
    }
    Html title =
        all(
            Panels.trail(site, Section.RUNS),
            tag(
                    "div",
                    tag("h1", site.link(Link.to("jobs", run.job()), run.job()).is("name-link")),
                    Marks.state(run, site.now()),
                    when(
                        run.cancelRequested() && open, Marks.pill(Marks.Tone.IDLE, "Asked to end")))
                .is("row"),
            tag("span", run.id().toString()).is("mono muted"));
    return Panels.head(title, actions.toArray(Html[]::new));
  }

  private static List<String> join(Link link, String part) {
    var parts = new ArrayList<>(link.parts());
    parts.add(part);
    return parts;
  }

  private static Html progress(Site site, Progress progress) {
    String words =
        progress.total() == 0
            ? Numbers.of(progress.done()) + " done"
            : Numbers.of(progress.done()) + " of " + Numbers.of(progress.total());
    return tag(
            "section",
            Panels.in(
                near(
                    tag(
                            "div",
                            tag("strong", words),
                            tag("span", text("said "), Times.relative(progress.at(), site.now()))
                                .is("muted small"))
                        .is("split"),
                    when(
                        progress.total() > 0,
                        Charts.meter(progress.done(), progress.total(), words)))))
        .is("panel")
        .with("aria-label", "Progress");
  }

  private static Html facts(Site site, Run run) {
    var facts = new ArrayList<Map.Entry<String, Html>>();
    facts.add(Map.entry("Made", Times.relative(run.createdAt(), site.now())));
    facts.add(Map.entry("Due", Times.relative(due(run), site.now())));
    run.startedAt()
        .ifPresent(at -> facts.add(Map.entry("First start", Times.relative(at, site.now()))));
    Runs.ended(run).ifPresent(at -> facts.add(Map.entry("Ended", Times.relative(at, site.now()))));
    Runs.took(run, site.now())
        .ifPresent(
            time ->
                facts.add(
                    Map.entry(
                        run.status().isFinal() ? "Took" : "Takes so far", text(Times.span(time)))));
    Runs.attempt(run).ifPresent(number -> facts.add(Map.entry("Attempt", text(number))));
    facts.add(Map.entry("Started by", Runs.trigger(site, run)));
    run.trigger().nominal().ifPresent(at -> facts.add(Map.entry("Stands for", Times.exact(at))));
    facts.add(Map.entry("Priority", text(run.priority())));
    if (run.counters().processed() > 0) {
      facts.add(
          Map.entry(
              "Items",
              text(
                  Numbers.of(run.counters().succeeded())
                      + " good, "
                      + Numbers.of(run.counters().failed())
                      + " failed")));
    }
    if (!run.tags().isEmpty()) {
      facts.add(Map.entry("Tags", Marks.tags(site, run.tags())));
    }
    return Panels.panel("Facts", Panels.in(Panels.facts("facts", facts)));
  }

  private static Instant due(Run run) {
    return run.state() instanceof RunState.Scheduled scheduled ? scheduled.due() : run.dueAt();
  }

  private static Html data(RunDetail detail) {
    return all(
        Panels.panel("Input", Panels.in(Data.shown(detail.input(), "Input"))),
        maybe(
            detail.result().filter(result -> !result.json().equals(Optional.of("null"))),
            result -> Panels.panel("Result", Panels.in(Data.shown(result, "Result")))),
        when(
            !detail.run().notes().isEmpty(),
            Panels.panel("Notes", Panels.in(Data.notes(detail.run().notes())))));
  }

  private static Html links(Site site, RunDetail detail) {
    if (detail.links().isEmpty()) {
      return Html.none();
    }
    return Panels.panel(
        "Related runs",
        Panels.in(
            tag(
                    "ul",
                    each(
                        detail.links(),
                        link ->
                            tag(
                                "li",
                                tag("span", relation(link.relation())).is("sub"),
                                site.link(Link.to("runs", link.run().toString()), link.job()),
                                text(" "),
                                tag("span", Runs.shortId(link.run().toString())).is("mono muted"))))
                .is("near")));
  }

  private static String relation(RunDetail.Relation relation) {
    return switch (relation) {
      case PARENT -> "Made by";
      case RETRY_OF -> "Does again";
      case GROUP -> "Then comes";
      case CHILD -> "Has made";
    };
  }

  private static Html logs(List<Pass> passes) {
    StringBuilder lines = new StringBuilder();
    passes.forEach(pass -> lines.append(pass.log()));
    return lines.isEmpty()
        ? Html.none()
        : Panels.panel("Log", Panels.in(Data.pre(lines.toString(), "Log")));
  }

  // Done

  private Page ask(Call call, Site site) {
    Run run = detail(call).run();
    String means =
        run.status() == Status.RUNNING
            ? "Its handler is told and, a little later, interrupted. What it has done stays done."
            : "It ends before it starts again. This can't be undone; a retry makes a new run.";
    return Page.of(
        Section.RUNS,
        "Cancel run",
        Panels.trail(site, Section.RUNS),
        Confirm.panel(
            site.standing(Runs.link(run)),
            "Cancel this run of " + run.job() + "?",
            means,
            Link.to("runs", run.id().toString(), "cancel"),
            "Cancel the run",
            true,
            Runs.link(run),
            Forms.field(
                "c-reason",
                "Why (optional)",
                Forms.input("reason", "").with("maxlength", 500),
                "Kept in the history of the run.")));
  }

  private Next cancel(Call call, Site site, Posted form) {
    RunId run = RunFilter.id(call.part("id"));
    frame.operations().runs().cancel(call.principal(), run, form.text("reason"));
    return new Go(Flash.CANCEL.on(form.back(Link.to("runs", run.toString())), 1));
  }

  private Next retry(Call call, Site site, Posted form) {
    RunId run = RunFilter.id(call.part("id"));
    RunId next = frame.operations().runs().retry(call.principal(), run).run().orElse(run);
    return new Go(Flash.RETRY.on(Link.to("runs", next.toString()), 1));
  }
}
