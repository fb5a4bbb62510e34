// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.api;

import static dev.belfry.http.routing.Route.get;
import static dev.belfry.http.routing.Route.post;

import dev.belfry.admin.operations.EnqueueRequest;
import dev.belfry.admin.operations.Enqueued;
import dev.belfry.admin.operations.JobDetail;
import dev.belfry.admin.operations.Operations;
import dev.belfry.http.Response;
import dev.belfry.http.Scope;
import dev.belfry.http.routing.Call;
import dev.belfry.http.routing.Problem;
import dev.belfry.http.routing.Route;
import dev.belfry.run.Target;
import dev.belfry.run.Unique;
import java.util.List;
import java.util.UUID;

/** The routes of jobs. */
final class JobRoutes {
  private static final String JOBS = Api.BASE + "/jobs";
  private static final String JOB = JOBS + "/{name}";
  private static final int MOST_TAGS = 100;

  private final Operations operations;
  private final IdempotencyKeys keys;

  JobRoutes(Operations operations, IdempotencyKeys keys) {
    this.operations = operations;
    this.keys = keys;
  }

  List<Route> all() {
    return List.of(
        get(JOBS, this::list),
        get(JOB, this::one),
        get(JOB + "/statistics", this::statistics),
        get(JOB + "/explain", this::explain),
        keys.on(post(JOB + "/enqueue", Scope.OPERATE, this::enqueue)),
        post(JOB + "/pause", Scope.OPERATE, this::pause),
        post(JOB + "/resume", Scope.OPERATE, this::resume));
  }

  /** A run that was asked for. */
  record EnqueuedView(UUID runId, boolean created) {
    /** Answers 201 with where the run is, or 200 if there was one already. */
    static Response response(Call call, Enqueued enqueued) {
      var view = new EnqueuedView(enqueued.run().value(), enqueued.created());
      return Json.response(enqueued.created() ? 201 : 200, view)
          .with("location", call.request().base() + RunRoutes.RUNS + "/" + enqueued.run());
    }
  }

  /** A sentence that says why. */
  record ExplanationView(String explanation) {}

  private Response list(Call call) {
    Parameters.none(call);
    return Items.all(operations.jobs().list(call.principal()), JobViews.JobItem::of);
  }

  private Response one(Call call) {
    Parameters.none(call);
    byte[] view = Json.bytes(JobViews.JobFull.of(find(call)));
    return Etag.of(view).on(Json.written(200, view));
  }

  private Response statistics(Call call) {
    Parameters.none(call);
    return find(call)
        .statistics()
        .map(statistics -> Json.ok(JobViews.StatisticsView.of(statistics)))
        .orElseThrow(
            () ->
                Problem.of(409, "not-served-here", "the code of this node does not know this job"));
  }

  private Response explain(Call call) {
    Parameters.none(call);
    return Json.ok(new ExplanationView(find(call).explanation()));
  }

  private JobDetail find(Call call) {
    return operations.jobs().get(call.principal(), call.part("name"));
  }

  private Response enqueue(Call call) {
    Parameters.none(call);
    Body body =
        Body.ofOptional(
            call, "input", "dueAt", "delay", "priority", "key", "window", "onConflict", "tags");
    var request =
        new EnqueueRequest(
            body.any("input").map(Json::text),
            body.instant("dueAt"),
            body.duration("delay"),
            body.number("priority", -4, 4),
            body.text("key"),
            body.duration("window"),
            body.text("onConflict")
                .map(text -> Values.constant(body.at("onConflict"), Unique.OnConflict.class, text)),
            body.texts("tags", MOST_TAGS));
    return EnqueuedView.response(
        call, operations.jobs().enqueue(call.principal(), call.part("name"), request));
  }

  private Response pause(Call call) {
    Parameters.none(call);
    Body.ofOptional(call);
    operations.pause(call.principal(), Target.job(call.part("name")));
    return Api.done();
  }

  private Response resume(Call call) {
    Parameters.none(call);
    Body.ofOptional(call);
    operations.resume(call.principal(), Target.job(call.part("name")));
    return Api.done();
  }
}
