// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import static dev.belfry.admin.dashboard.Html.all;
import static dev.belfry.admin.dashboard.Html.each;
import static dev.belfry.admin.dashboard.Html.maybe;
import static dev.belfry.admin.dashboard.Html.tag;
import static dev.belfry.admin.dashboard.Html.text;
import static dev.belfry.admin.dashboard.Html.when;

import dev.belfry.admin.dashboard.Frame.Page;
import dev.belfry.admin.operations.JobEntry;
import dev.belfry.http.Scope;
import dev.belfry.http.routing.Call;
import dev.belfry.http.routing.Route;
import dev.belfry.run.Run;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The list of runs, filtered. */
final class RunsPage {
  private final Frame frame;

  RunsPage(Frame frame) {
    this.frame = frame;
  }

  List<Route> routes() {
    return List.of(frame.page(Section.RUNS, "/runs", this::list));
  }

  private Page list(Call call, Site site) {
    RunFilter filter = RunFilter.of(call.query());
    dev.belfry.run.Page<Run> page =
        frame.operations().runs().list(site.principal(), filter.query());
    Link stream = filter.link().parameters().isEmpty() ? Link.to("live") : live(filter);
    boolean first = filter.query().after().isEmpty();
    Link watched =
        first
            ? stream.with(
                "since", page.items().isEmpty() ? "" : page.items().get(0).id().toString())
            : Link.to("live");
    return Page.of(
            Section.RUNS,
            "Runs",
            Panels.head(
                "Runs",
                site.link(filter.link(), "Show new")
                    .is("button slim new")
                    .flag("hidden", true)
                    .flag("data-new", true)),
            tag("section", filters(site, filter), rows(site, filter, page))
                .is("panel")
                .with("aria-label", "Runs"))
        .streaming(watched);
  }

  private static Link live(RunFilter filter) {
    return new Link(List.of("live"), filter.link().parameters());
  }

  private Html filters(Site site, RunFilter filter) {
    Map<String, String> jobs = new LinkedHashMap<>();
    jobs.put("", "All jobs");
    Stream.concat(
            frame.operations().jobs().list(site.principal()).stream().map(JobEntry::name),
            filter.query().job().stream())
        .forEach(name -> jobs.put(name, name));
    Html keep =
        each(
            Stream.of("state", "schedule", "key")
                .flatMap(
                    name ->
                        new Posted(filter.link().parameters())
                            .all(name).stream().map(value -> Map.entry(name, value)))
                .toList(),
            pair -> Forms.hidden(pair.getKey(), pair.getValue()));
    Html fields =
        tag(
                "div",
                Forms.field("f-job", "Job", Forms.select("job", filter.value("job"), jobs), ""),
                Forms.field("f-tag", "Tag", Forms.input("tag", filter.value("tag")), ""),
                Forms.field(
                    "f-text",
                    "Error contains",
                    Forms.input("text", filter.value("text"))
                        .with("type", "search")
                        .with("maxlength", 200)
                        .flag("data-search", true),
                    ""),
                Forms.field("f-from", "Made from (UTC)", time("from", filter), ""),
                Forms.field("f-to", "to (UTC)", time("to", filter), ""),
                Panels.actions(
                    Forms.submit("Filter", "first"),
                    when(filter.narrows(), site.link(Link.to("runs"), "Clear").is("button quiet"))))
            .is("fields");
    return tag("div", chips(site, filter), Forms.get(site, Link.to("runs"), keep, fields))
        .is("filters");
  }

  private static Html.Tag time(String name, RunFilter filter) {
    return Forms.input(name, filter.value(name)).with("type", "datetime-local");
  }

  private static Html chips(Site site, RunFilter filter) {
    boolean any = filter.query().statuses().isEmpty();
    Html.Tag every = site.link(filter.link().without("state"), "All").is("chip");
    Html states =
        each(
            List.of(Status.values()),
            status -> {
              boolean on = filter.query().statuses().contains(status);
              Html.Tag chip =
                  site.link(
                          toggled(filter, status, on), Marks.dot(status), text(Marks.word(status)))
                      .is("chip");
              return on ? chip.with("aria-current", "true") : chip;
            });
    Html more =
        all(
            maybe(
                filter.query().schedule(),
                id ->
                    site.link(filter.link().without("schedule"), "Schedule " + id + " ×")
                        .is("chip")
                        .with("aria-label", "Schedule " + id + ", remove this filter")),
            maybe(
                filter.query().key(),
                key ->
                    site.link(filter.link().without("key"), "Key " + key + " ×")
                        .is("chip")
                        .with("aria-label", "Key " + key + ", remove this filter")));
    return tag("nav", any ? every.with("aria-current", "true") : every, states, more)
        .is("chips")
        .with("aria-label", "State");
  }

  private static Link toggled(RunFilter filter, Status status, boolean on) {
    List<String> states =
        Stream.of(Status.values())
            .filter(each -> each == status ? !on : filter.query().statuses().contains(each))
            .map(Status::name)
            .toList();
    return states.isEmpty()
        ? filter.link().without("state")
        : filter.link().withAll("state", states);
  }

  private Html rows(Site site, RunFilter filter, dev.belfry.run.Page<Run> page) {
    if (page.items().isEmpty()) {
      return filter.narrows()
          ? Panels.empty(
              Section.RUNS,
              "No run is like this",
              all(
                  tag("p", "Widen the filter: fewer states, a longer time, no text."),
                  site.link(Link.to("runs"), "Show all runs").is("button")))
          : Panels.empty(
              Section.RUNS,
              "There are no runs yet",
              all(
                  tag("p", "Enqueue a job, from code or from its page, and it appears here."),
                  site.link(Link.to("jobs"), "Go to jobs").is("button")));
    }
    boolean choose = site.may(Scope.OPERATE);
    Html table =
        table(site, choose).rows(page.items()).is(choose ? "scroll folds picks" : "scroll folds");
    Html foot = tag("div", when(choose, bulk(filter)), pager(site, filter, page)).is("foot");
    return choose
        ? Forms.post(site, Link.to("runs", "ask"), table, foot).flag("data-choose", true)
        : all(table, foot);
  }

  private static Table<Run> table(Site site, boolean choose) {
    Table<Run> table = Table.of("Runs");
    if (choose) {
      Html every =
          tag(
                  "span",
                  tag("input")
                      .with("type", "checkbox")
                      .with("aria-label", "Choose all on this page")
                      .flag("data-every", true))
              .flag("hidden", true);
      table =
          table.with(
              new Table.Column<>(
                  all(tag("span", "Choose").is("unseen"), every), "pick", RunsPage::box));
    }
    return table
        .column(
            "State", "tight state", run -> site.link(Runs.link(run), Marks.state(run, site.now())))
        .column("Run", "what", run -> run(site, run))
        .column("Made", "num made", run -> Times.relative(run.createdAt(), site.now()))
        .column("Took", "num took", run -> Runs.tookWords(run, site.now()))
        .column("Started by", "rare", run -> Runs.trigger(site, run));
  }

  private static Html box(Run run) {
    return tag("input")
        .with("type", "checkbox")
        .with("name", "id")
        .with("value", run.id().toString())
        .with("aria-label", "Choose run " + run.id() + " of " + run.job());
  }

  static Html run(Site site, Run run) {
    return all(
        site.link(Runs.link(run), run.job()).is("name-link"),
        text(" "),
        tag("span", Runs.shortId(run.id().toString())).is("mono id rare"),
        text(" "),
        Marks.tags(site, run.tags()),
        maybe(Failures.of(run), failure -> tag("span", Failures.brief(failure)).is("sub")),
        maybe(reason(run), reason -> tag("span", reason).is("sub")));
  }

  private static Optional<String> reason(Run run) {
    if (run.state() instanceof RunState.Blocked blocked) {
      return Optional.of(blocked.reason());
    } else if (run.state() instanceof RunState.Waiting waiting) {
      return Optional.of(waiting.reason());
    } else if (run.state() instanceof RunState.Skipped skipped) {
      return Optional.of(skipped.reason());
    }
    return run.state() instanceof RunState.Cancelled cancelled
        ? Optional.of(cancelled.reason())
        : Optional.empty();
  }

  private static Html bulk(RunFilter filter) {
    return all(
        tag("span").is("rare").flag("data-chosen", true).with("aria-live", "polite"),
        act("retry", "Retry", "slim", true),
        act("cancel", "Cancel", "slim danger", true),
        when(
            filter.narrows(),
            all(
                act("retry-all", "Retry all that match", "slim quiet", false),
                act("cancel-all", "Cancel all that match", "slim quiet danger", false))));
  }

  private static Html act(String act, String word, String css, boolean needs) {
    return Forms.submit(word, css).with("name", "act").with("value", act).flag("data-needs", needs);
  }

  private static Html pager(Site site, RunFilter filter, dev.belfry.run.Page<Run> page) {
    boolean first = filter.query().after().isEmpty();
    Run last = page.items().get(page.items().size() - 1);
    return tag(
            "nav",
            when(!first, site.link(filter.link(), "Newest").is("button slim")),
            page.more()
                ? site.link(filter.link().with("after", last.id().toString()), "Older →")
                    .is("button slim")
                : tag("span", "No older runs").is("small"))
        .is("actions")
        .with("aria-label", "Pages");
  }
}
