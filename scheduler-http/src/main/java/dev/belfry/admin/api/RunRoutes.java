// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.api;

import static dev.belfry.http.routing.Route.get;
import static dev.belfry.http.routing.Route.post;

import dev.belfry.admin.operations.RunCount;
import dev.belfry.admin.operations.RunDesk;
import dev.belfry.admin.operations.RunDetail;
import dev.belfry.admin.operations.Selection;
import dev.belfry.http.Response;
import dev.belfry.http.Scope;
import dev.belfry.http.routing.Call;
import dev.belfry.http.routing.Problem;
import dev.belfry.http.routing.Route;
import dev.belfry.run.Pass;
import dev.belfry.run.RunId;
import java.util.ArrayList;
import java.util.List;

/** The routes of runs. */
final class RunRoutes {
  static final String RUNS = Api.BASE + "/runs";
  private static final String RUN = RUNS + "/{id}";
  private static final int MOST_AT_ONCE = 1_000;

  private final RunDesk runs;
  private final IdempotencyKeys keys;

  RunRoutes(RunDesk runs, IdempotencyKeys keys) {
    this.runs = runs;
    this.keys = keys;
  }

  List<Route> all() {
    return List.of(
        get(RUNS, this::list),
        get(RUNS + "/count", this::count),
        post(RUNS + "/cancel", Scope.OPERATE, this::cancelMany),
        keys.on(post(RUNS + "/retry", Scope.OPERATE, this::retryMany)),
        get(RUN, this::one),
        get(RUN + "/log", this::log),
        get(RUN + "/explain", this::explain),
        post(RUN + "/cancel", Scope.OPERATE, this::cancel),
        keys.on(post(RUN + "/retry", Scope.OPERATE, this::retry)));
  }

  /** How many runs a filter lets through. */
  record CountView(long runs, boolean more) {}

  private Response list(Call call) {
    Parameters parameters =
        Parameters.of(call, RunFilter.with(RunFilter.PARAMETERS, "limit", "cursor"));
    var query = RunFilter.of(parameters).limit(parameters.limit());
    var page =
        runs.list(
            call.principal(),
            parameters
                .cursor("runs")
                .map(after -> query.olderThan(Cursor.run(after)))
                .orElse(query));
    return Items.page("runs", page, run -> run.id().toString(), RunViews.RunView::of);
  }

  private Response count(Call call) {
    RunCount count =
        runs.count(call.principal(), RunFilter.of(Parameters.of(call, RunFilter.PARAMETERS)));
    return Json.ok(new CountView(count.runs(), count.more()));
  }

  private Response one(Call call) {
    Parameters.none(call);
    byte[] view = Json.bytes(RunViews.RunFull.of(find(call)));
    return Etag.of(view).on(Json.written(200, view));
  }

  private Response explain(Call call) {
    Parameters.none(call);
    return Json.ok(new JobRoutes.ExplanationView(find(call).explanation()));
  }

  private Response log(Call call) {
    Parameters.none(call);
    List<Pass> passes = find(call).passes();
    boolean plain =
        call.request().headers().all("accept").stream()
            .anyMatch(accepted -> accepted.contains("text/plain"));
    Response response =
        plain
            ? Response.of(200, "text/plain; charset=utf-8", text(passes))
            : Items.all(passes, RunViews.LogView::of);
    return response.with("vary", "accept");
  }

  private static String text(List<Pass> passes) {
    var text = new StringBuilder();
    for (Pass pass : passes) {
      text.append("--- attempt ").append(pass.attempt());
      text.append(", from ").append(pass.startedAt()).append(" to ").append(pass.endedAt());
      text.append(": ").append(pass.event()).append('\n').append(pass.log());
    }
    return text.toString();
  }

  private RunDetail find(Call call) {
    return runs.get(call.principal(), id(call));
  }

  private static RunId id(Call call) {
    try {
      return RunId.parse(call.part("id"));
    } catch (IllegalArgumentException noId) {
      throw Problem.notFound("run");
    }
  }

  private Response cancel(Call call) {
    Parameters.none(call);
    Body body = Body.ofOptional(call, "reason");
    return Json.ok(
        RunViews.AnswerView.of(
            runs.cancel(call.principal(), id(call), body.text("reason").orElse(""))));
  }

  private Response retry(Call call) {
    Parameters.none(call);
    Body.ofOptional(call);
    return Json.ok(RunViews.AnswerView.of(runs.retry(call.principal(), id(call))));
  }

  private Response cancelMany(Call call) {
    Parameters.none(call);
    Body body = Body.of(call, "ids", "filter", "expectedCount", "reason");
    return Items.all(
        runs.cancel(call.principal(), selection(body), body.text("reason").orElse("")),
        RunViews.AnswerView::of);
  }

  private Response retryMany(Call call) {
    Parameters.none(call);
    Body body = Body.of(call, "ids", "filter", "expectedCount");
    return Items.all(runs.retry(call.principal(), selection(body)), RunViews.AnswerView::of);
  }

  private static Selection selection(Body body) {
    var filter = body.object("filter", RunFilter.PROPERTIES);
    if (body.has("ids") == filter.isPresent()) {
      throw Problem.invalid("/ids", "say which runs: either ids, or filter with expectedCount");
    }
    if (filter.isPresent()) {
      int expected =
          body.number("expectedCount", 0, MOST_AT_ONCE)
              .orElseThrow(() -> Problem.invalid("/expectedCount", "is missing"));
      return Selection.matching(RunFilter.of(filter.get()), expected);
    }
    if (body.has("expectedCount")) {
      throw Problem.invalid("/expectedCount", "goes with filter, not with ids");
    }
    var ids = new ArrayList<RunId>();
    for (String id : body.texts("ids", MOST_AT_ONCE)) {
      ids.add(parse("/ids/" + ids.size(), id));
    }
    if (ids.isEmpty()) {
      throw Problem.invalid("/ids", "must have at least one id");
    }
    return Selection.of(ids);
  }

  private static RunId parse(String pointer, String id) {
    try {
      return RunId.parse(id);
    } catch (IllegalArgumentException noId) {
      throw Problem.invalid(pointer, "must be the id of a run, a UUID, was " + Values.quoted(id));
    }
  }
}
