// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import static dev.belfry.admin.dashboard.Html.all;
import static dev.belfry.admin.dashboard.Html.each;
import static dev.belfry.admin.dashboard.Html.tag;

import dev.belfry.admin.dashboard.Frame.Go;
import dev.belfry.admin.dashboard.Frame.Next;
import dev.belfry.admin.dashboard.Frame.Page;
import dev.belfry.admin.operations.RunAnswer;
import dev.belfry.admin.operations.RunCount;
import dev.belfry.admin.operations.Selection;
import dev.belfry.http.Scope;
import dev.belfry.http.routing.Call;
import dev.belfry.http.routing.Problem;
import dev.belfry.http.routing.Route;
import java.util.List;

/** What is done to many runs: asked first, with their number, then done. */
final class BulkPage {
  private static final int MOST = 1_000;

  private final Frame frame;

  BulkPage(Frame frame) {
    this.frame = frame;
  }

  List<Route> routes() {
    return List.of(
        frame.form(Section.RUNS, "/runs/ask", Scope.OPERATE, this::ask),
        frame.form(Section.RUNS, "/runs/cancel", Scope.OPERATE, this::cancel),
        frame.form(Section.RUNS, "/runs/retry", Scope.OPERATE, this::retry));
  }

  private Next ask(Call call, Site site, Posted form) {
    String act = form.text("act");
    Link back = form.back(Link.to("runs"));
    boolean cancel = act.startsWith("cancel");
    if (act.endsWith("-all")) {
      RunCount count =
          frame
              .operations()
              .runs()
              .count(site.principal(), RunFilter.of(back.parameters()).whole().query());
      if (count.more()) {
        throw Problem.of(
            422,
            "too-many",
            "more than 1000 runs match, and no more are taken at once; narrow the filter");
      }
      Html facts =
          all(
              Forms.hidden("filter", back.toString()),
              Forms.hidden("expected", Long.toString(count.runs())));
      return question(site, cancel, count.runs(), back, facts);
    }
    List<String> ids = form.all("id");
    return question(site, cancel, ids.size(), back, each(ids, id -> Forms.hidden("id", id)));
  }

  private static Page question(Site site, boolean cancel, long count, Link back, Html facts) {
    String runs = Numbers.count(count, "run", "runs");
    if (count == 0) {
      return Page.of(
          Section.RUNS,
          "No runs chosen",
          Panels.head("No runs chosen"),
          tag(
                  "section",
                  Panels.empty(
                      Section.RUNS,
                      "Nothing to do",
                      all(
                          tag("p", "Choose runs by the boxes before them."),
                          site.link(back, "Back to the runs").is("button"))))
              .is("panel"));
    }
    String title = (cancel ? "Cancel " : "Retry ") + runs + "?";
    String means =
        cancel
            ? "Those that run are told and interrupted, the others end before they start. An ended"
                + " run stays as it is. This can't be undone."
            : "Those that wait for their next attempt start now; of those that have ended, new runs"
                + " are made. What runs at present is left alone.";
    Site asked = site.standing(back);
    return Page.of(
        Section.RUNS,
        title,
        Panels.trail(site, Section.RUNS),
        Confirm.panel(
            asked,
            title,
            means,
            Link.to("runs", cancel ? "cancel" : "retry"),
            (cancel ? "Cancel " : "Retry ") + runs,
            cancel,
            back,
            facts));
  }

  private Next cancel(Call call, Site site, Posted form) {
    return done(
        site,
        form,
        Flash.CANCEL,
        frame.operations().runs().cancel(site.principal(), selection(form), ""));
  }

  private Next retry(Call call, Site site, Posted form) {
    return done(
        site,
        form,
        Flash.RETRY,
        frame.operations().runs().retry(site.principal(), selection(form)));
  }

  private static Selection selection(Posted form) {
    if (form.get("filter").isPresent()) {
      Link filter = Link.parse(form.text("filter")).orElse(Link.to("runs"));
      return Selection.matching(
          RunFilter.of(filter.parameters()).whole().query(), expected(form.text("expected")));
    }
    List<String> ids = form.all("id");
    if (ids.isEmpty() || ids.size() > MOST) {
      throw Problem.invalid("id", "choose 1 to " + MOST + " runs, were " + ids.size());
    }
    return Selection.of(ids.stream().map(RunFilter::id).toList());
  }

  private static long expected(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException wrong) {
      throw Problem.invalid("expected", "expected must be a number, was \"" + text + "\"");
    }
  }

  private static Next done(Site site, Posted form, Flash flash, List<RunAnswer> answers) {
    Link back = form.back(Link.to("runs"));
    List<RunAnswer> refused =
        answers.stream()
            .filter(
                answer ->
                    answer.result() == RunAnswer.Result.CONFLICT
                        || answer.result() == RunAnswer.Result.NOT_FOUND)
            .toList();
    int fine = answers.size() - refused.size();
    if (refused.isEmpty()) {
      return new Go(flash.on(back, fine));
    }
    return Page.of(
        Section.RUNS,
        "Partly done",
        Panels.trail(site, Section.RUNS),
        Panels.head(
            fine + " of " + answers.size() + " done",
            site.link(back, "Back to the runs").is("button")),
        Panels.panel(
            "Not done",
            Table.<RunAnswer>of("Not done")
                .column(
                    "Run",
                    "tight",
                    answer ->
                        site.link(
                                Link.to("runs", answer.id().toString()),
                                Runs.shortId(answer.id().toString()))
                            .is("mono"))
                .column("Why", answer -> Html.text(answer.detail()))
                .rows(refused)));
  }
}
