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
import dev.belfry.admin.operations.JobEntry;
import dev.belfry.http.Scope;
import dev.belfry.http.routing.Call;
import dev.belfry.http.routing.Route;
import dev.belfry.run.Run;
import dev.belfry.run.RunQuery;
import dev.belfry.run.Target;
import java.util.List;
import java.util.Locale;

/** The list of jobs, as a table or as cards. */
final class JobsPage {
  private static final int PAGE = 50;

  private final Frame frame;

  JobsPage(Frame frame) {
    this.frame = frame;
  }

  /** A job with its last runs, newest first. */
  private record Row(JobEntry entry, List<Run> runs) {}

  List<Route> routes() {
    return List.of(
        frame.page(Section.JOBS, "/jobs", this::list),
        frame.form(Section.JOBS, "/jobs/{name}/pause", Scope.OPERATE, this::pause),
        frame.form(Section.JOBS, "/jobs/{name}/resume", Scope.OPERATE, this::resume));
  }

  private Page list(Call call, Site site) {
    String wanted = call.parameter("q").orElse("").strip();
    int from = page(call) * PAGE;
    List<JobEntry> all =
        frame.operations().jobs().list(site.principal()).stream()
            .filter(entry -> matches(entry, wanted.toLowerCase(Locale.ROOT)))
            .toList();
    List<Row> rows =
        all.stream()
            .skip(from)
            .limit(PAGE)
            .map(entry -> new Row(entry, runs(site, entry.name())))
            .toList();
    boolean cards = call.parameter("as").filter("cards"::equals).isPresent();
    return Page.of(
        Section.JOBS,
        "Jobs",
        Panels.head("Jobs", search(site, wanted, cards), form(site, cards)),
        rows.isEmpty()
            ? tag("section", nothing(site, wanted)).is("panel")
            : cards
                ? cards(site, rows)
                : tag("section", table(site, rows)).is("panel").with("aria-label", "Jobs"),
        pager(site, all.size(), from));
  }

  private static int page(Call call) {
    try {
      return Math.max(0, Math.min(10_000, call.parameter("page").map(Integer::parseInt).orElse(0)));
    } catch (NumberFormatException strange) {
      return 0;
    }
  }

  private static boolean matches(JobEntry entry, String wanted) {
    return wanted.isEmpty()
        || (entry.name() + " " + title(entry) + " " + tags(entry))
            .toLowerCase(Locale.ROOT)
            .contains(wanted);
  }

  private List<Run> runs(Site site, String job) {
    return frame.operations().runs().list(site.principal(), RunQuery.ofJob(job).limit(10)).items();
  }

  static String title(JobEntry entry) {
    return entry.view().map(JobView::title).orElse(entry.name());
  }

  private static List<String> tags(JobEntry entry) {
    return entry.view().map(JobView::tags).orElse(List.of());
  }

  private static Html search(Site site, String wanted, boolean cards) {
    return Forms.get(
            site,
            Link.to("jobs"),
            when(cards, Forms.hidden("as", "cards")),
            Forms.input("q", wanted)
                .with("type", "search")
                .with("aria-label", "Find a job")
                .with("placeholder", "Find a job")
                .flag("data-search", true))
        .with("role", "search");
  }

  private static Html form(Site site, boolean cards) {
    Link plain = site.here().without("as");
    Html.Tag table = site.link(plain, "Table");
    Html.Tag other = site.link(plain.with("as", "cards"), "Cards");
    return tag(
            "nav",
            cards ? table : table.with("aria-current", "true"),
            cards ? other.with("aria-current", "true") : other)
        .is("choice")
        .with("aria-label", "Show as");
  }

  private static Html nothing(Site site, String wanted) {
    return wanted.isEmpty()
        ? Panels.empty(
            Section.JOBS,
            "No job is registered",
            all(
                tag("p", "Register jobs in code, where the scheduler is built:"),
                tag("pre", "Scheduler.builder().register(sendEmail, cleanUp).start();")))
        : Panels.empty(
            Section.JOBS,
            "No job is called so",
            all(
                tag("p", "Names, titles and tags are looked at."),
                site.link(Link.to("jobs"), "Show all jobs").is("button")));
  }

  private static Html table(Site site, List<Row> rows) {
    return Table.<Row>of("Jobs")
        .column("Job", row -> name(site, row.entry()))
        .column("Last run", "tight", row -> last(site, row))
        .column("Last ten", "tight rare", row -> Runs.spark(row.runs(), site.now()))
        .column("Not ended", "num rare", row -> pending(site, row.entry()))
        .plainIf(site.may(Scope.OPERATE), "Actions", "do rare", row -> actions(site, row.entry()))
        .rows(rows);
  }

  private static Html name(Site site, JobEntry entry) {
    return all(
        site.link(Link.to("jobs", entry.name()), title(entry)).is("name-link"),
        text(" "),
        marks(entry),
        Marks.tags(site, tags(entry)),
        tag("span", about(entry)).is("sub"));
  }

  static Html marks(JobEntry entry) {
    return all(
        when(entry.paused(), all(Marks.pill(Marks.Tone.WARN, "Paused"), text(" "))),
        when(!entry.served(), all(Marks.pill(Marks.Tone.BAD, "No live node"), text(" "))));
  }

  private static Html about(JobEntry entry) {
    String description = entry.view().map(JobView::description).orElse("");
    boolean named = !title(entry).equals(entry.name());
    return all(
        when(named, tag("code", entry.name())),
        text(named && !description.isEmpty() ? " · " + description : description));
  }

  private static Html last(Site site, Row row) {
    return row.runs().isEmpty()
        ? tag("span", "Never").is("muted")
        : Runs.last(site, row.runs().get(0));
  }

  private static Html pending(Site site, JobEntry entry) {
    long pending = entry.pending().values().stream().mapToLong(Long::longValue).sum();
    return pending == 0
        ? tag("span", "–").is("muted")
        : site.link(Link.to("runs").with("job", entry.name()), Numbers.of(pending));
  }

  static Html actions(Site site, JobEntry entry) {
    boolean plain = entry.view().filter(JobsPage::isPlain).isPresent();
    return Panels.actions(
        when(
            plain, Forms.button(site, Link.to("jobs", entry.name(), "enqueue"), "Run now", "slim")),
        when(
            !plain && entry.view().isPresent() && !isOurs(entry),
            site.link(Link.to("jobs", entry.name()), "Run…").is("button slim")),
        entry.paused()
            ? Forms.button(site, Link.to("jobs", entry.name(), "resume"), "Resume", "slim")
            : Forms.button(site, Link.to("jobs", entry.name(), "pause"), "Pause", "slim quiet"));
  }

  /** Returns whether a job is part of the library; nobody enqueues it by hand. */
  static boolean isOurs(JobEntry entry) {
    return entry.name().startsWith("belfry/");
  }

  /** Returns whether a run of the job needs no input. */
  static boolean isPlain(JobView view) {
    return view.input().endsWith("Void");
  }

  private static Html cards(Site site, List<Row> rows) {
    return tag(
            "div",
            each(
                rows,
                row ->
                    tag(
                            "section",
                            tag("div", name(site, row.entry())),
                            tag(
                                    "div",
                                    tag("div", last(site, row)),
                                    Runs.spark(row.runs(), site.now()))
                                .is("row"),
                            when(site.may(Scope.OPERATE), actions(site, row.entry())))
                        .is("panel card")
                        .with("aria-label", title(row.entry()))))
        .is("cards");
  }

  private static Html pager(Site site, int all, int from) {
    if (all <= PAGE) {
      return Html.none();
    }
    int page = from / PAGE;
    return tag(
            "nav",
            tag("span", "Jobs " + (from + 1) + " to " + Math.min(all, from + PAGE) + " of " + all)
                .is("muted"),
            when(
                page > 0,
                site.link(site.here().with("page", "" + (page - 1)), "← Previous")
                    .is("button slim")),
            when(
                from + PAGE < all,
                site.link(site.here().with("page", "" + (page + 1)), "Next →").is("button slim")))
        .is("actions")
        .with("aria-label", "Pages");
  }

  private Next pause(Call call, Site site, Posted form) {
    String name = call.part("name");
    frame.operations().pause(call.principal(), Target.job(name));
    return new Go(Flash.PAUSED.on(form.back(Link.to("jobs", name)), 1));
  }

  private Next resume(Call call, Site site, Posted form) {
    String name = call.part("name");
    frame.operations().resume(call.principal(), Target.job(name));
    return new Go(Flash.RESUMED.on(form.back(Link.to("jobs", name)), 1));
  }
}
