// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import static dev.belfry.admin.dashboard.Html.all;
import static dev.belfry.admin.dashboard.Html.each;
import static dev.belfry.admin.dashboard.Html.tag;
import static dev.belfry.admin.dashboard.Html.text;
import static dev.belfry.admin.dashboard.Html.when;

import dev.belfry.JobView;
import dev.belfry.admin.dashboard.Frame.Go;
import dev.belfry.admin.dashboard.Frame.Next;
import dev.belfry.admin.dashboard.Frame.Page;
import dev.belfry.admin.dashboard.Marks.Tone;
import dev.belfry.admin.operations.JobEntry;
import dev.belfry.admin.operations.QueueEntry;
import dev.belfry.http.Scope;
import dev.belfry.http.routing.Call;
import dev.belfry.http.routing.Route;
import dev.belfry.run.Status;
import dev.belfry.run.Target;
import java.util.List;

/** Queues, limits, and the pause of everything. */
final class QueuesPage {
  private final Frame frame;

  QueuesPage(Frame frame) {
    this.frame = frame;
  }

  List<Route> routes() {
    return List.of(
        frame.page(Section.QUEUES, "/queues", this::show),
        frame.form(
            Section.QUEUES,
            "/queues/{name}/pause",
            Scope.OPERATE,
            (call, site, form) -> pause(call, Target.queue(call.part("name")))),
        frame.form(
            Section.QUEUES,
            "/queues/{name}/resume",
            Scope.OPERATE,
            (call, site, form) -> resume(call, Target.queue(call.part("name")))),
        frame.page(Section.QUEUES, "/pause", Scope.OPERATE, this::ask),
        frame.form(
            Section.QUEUES,
            "/pause",
            Scope.OPERATE,
            (call, site, form) -> pause(call, Target.all())),
        frame.form(
            Section.QUEUES,
            "/resume",
            Scope.OPERATE,
            (call, site, form) -> resume(call, Target.all())));
  }

  private Page show(Call call, Site site) {
    List<QueueEntry> queues = frame.operations().queues(site.principal());
    boolean paused = frame.operations().paused(site.principal()).contains(Target.all());
    boolean may = site.may(Scope.OPERATE) && !site.principal().isConfined();
    Html all =
        paused
            ? Forms.button(site, Link.to("resume"), "Resume everything", "first")
            : site.link(Link.to("pause"), "Pause everything…").is("button");
    return Page.of(
        Section.QUEUES,
        "Queues",
        Panels.head("Queues", may ? all : Html.none()),
        when(
            paused,
            tag("div", "Everything is paused. Runs are still made; none of them starts.")
                .is("notice")),
        tag(
                "section",
                queues.isEmpty()
                    ? Panels.empty(
                        Section.QUEUES,
                        "There are no queues",
                        "Each job waits in one; register a job, and its queue appears.")
                    : table(site, may).rows(queues))
            .is("panel")
            .with("aria-label", "Queues"),
        limits(site));
  }

  private static Table<QueueEntry> table(Site site, boolean may) {
    return Table.<QueueEntry>of("Queues")
        .column(
            "Queue",
            queue ->
                all(
                    tag("strong", queue.name()),
                    text(" "),
                    when(queue.paused(), Marks.pill(Tone.WARN, "Paused")),
                    tag("span", jobs(site, queue)).is("sub")))
        .column("Workers here", "num", queue -> text(queue.workersHere()))
        .column("Scheduled", "num", queue -> count(queue, Status.SCHEDULED))
        .column("Running", "num", queue -> count(queue, Status.RUNNING))
        .column("Waiting", "num rare", queue -> count(queue, Status.WAITING))
        .column(
            "Next due",
            "num rare",
            queue ->
                queue
                    .dueAt()
                    .<Html>map(at -> Times.relative(at, site.now()))
                    .orElse(tag("span", "–").is("muted")))
        .plainIf(may, "Actions", "do", queue -> action(site, queue));
  }

  private static Html jobs(Site site, QueueEntry queue) {
    int few = Math.min(8, queue.jobs().size());
    return all(
        each(
            queue.jobs().subList(0, few),
            job -> all(site.link(Link.to("jobs", job), job).is("nowrap"), text("  "))),
        when(queue.jobs().size() > few, text("and " + (queue.jobs().size() - few) + " more")));
  }

  private static Html count(QueueEntry queue, Status status) {
    long count = queue.pending().getOrDefault(status, 0L);
    return count == 0 ? tag("span", "0").is("muted") : text(Numbers.of(count));
  }

  private static Html action(Site site, QueueEntry queue) {
    return queue.paused()
        ? Forms.button(site, Link.to("queues", queue.name(), "resume"), "Resume", "slim")
        : Forms.button(site, Link.to("queues", queue.name(), "pause"), "Pause", "slim quiet");
  }

  private Html limits(Site site) {
    List<JobEntry> limited =
        frame.operations().jobs().list(site.principal()).stream()
            .filter(entry -> !entry.view().map(JobView::limits).orElse(List.of()).isEmpty())
            .toList();
    if (limited.isEmpty()) {
      return Panels.panel(
          "Limits",
          Panels.empty(
              Section.QUEUES,
              "No job has a limit",
              "limitRuns, throttle, rateLimit, debounce, inOrder and singleton are set in code."));
    }
    return Panels.panel(
        "Limits",
        Table.<JobEntry>of("Limits")
            .column(
                "Job",
                entry ->
                    site.link(Link.to("jobs", entry.name()), JobsPage.title(entry)).is("name-link"))
            .column(
                "Limits",
                entry ->
                    each(
                        entry.view().map(JobView::limits).orElse(List.of()),
                        limit -> tag("div", Sentence.words(limit))))
            .column(
                "Running", "num", entry -> text(entry.pending().getOrDefault(Status.RUNNING, 0L)))
            .rows(limited));
  }

  private Page ask(Call call, Site site) {
    return Page.of(
        Section.QUEUES,
        "Pause everything",
        Panels.trail(site, Section.QUEUES),
        Confirm.panel(
            site.standing(Link.to("queues")),
            "Pause everything, on all nodes?",
            "What runs goes on. Nothing new starts until somebody resumes: schedules, events and"
                + " calls still make runs, which wait.",
            Link.to("pause"),
            "Pause everything",
            true,
            Link.to("queues"),
            Html.none()));
  }

  private Next pause(Call call, Target target) {
    frame.operations().pause(call.principal(), target);
    return new Go(Flash.PAUSED.on(Link.to("queues"), 1));
  }

  private Next resume(Call call, Target target) {
    frame.operations().resume(call.principal(), target);
    return new Go(Flash.RESUMED.on(Link.to("queues"), 1));
  }
}
