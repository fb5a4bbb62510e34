// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.api;

import static dev.belfry.http.routing.Route.get;
import static dev.belfry.http.routing.Route.post;

import dev.belfry.admin.operations.AuditRow;
import dev.belfry.admin.operations.Operations;
import dev.belfry.admin.operations.Overview;
import dev.belfry.http.Response;
import dev.belfry.http.Scope;
import dev.belfry.http.routing.Call;
import dev.belfry.http.routing.Route;
import dev.belfry.run.Target;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The routes of queues, nodes, events, the audit log, and of everything together. */
final class SystemRoutes {
  private static final String QUEUE = Api.BASE + "/queues/{name}";

  private final Operations operations;
  private final IdempotencyKeys keys;

  SystemRoutes(Operations operations, IdempotencyKeys keys) {
    this.operations = operations;
    this.keys = keys;
  }

  List<Route> all() {
    return List.of(
        get(Api.BASE + "/overview", this::overview),
        get(Api.BASE + "/queues", this::queues),
        post(QUEUE + "/pause", Scope.OPERATE, call -> pause(call, queue(call))),
        post(QUEUE + "/resume", Scope.OPERATE, call -> resume(call, queue(call))),
        get(Api.BASE + "/paused", this::paused),
        post(Api.BASE + "/pause", Scope.OPERATE, call -> pause(call, Target.all())),
        post(Api.BASE + "/resume", Scope.OPERATE, call -> resume(call, Target.all())),
        get(Api.BASE + "/nodes", this::nodes),
        get(Api.BASE + "/event-types", this::eventTypes),
        keys.on(post(Api.BASE + "/events", Scope.OPERATE, this::send)),
        new Route("GET", Api.BASE + "/audit", Scope.ADMIN, this::audit));
  }

  /** What can be paused, and is. */
  record TargetView(Kind kind, @Nullable String name) {
    /** What it is. */
    enum Kind {
      ALL,
      JOB,
      QUEUE
    }

    static TargetView of(Target target) {
      if (target instanceof Target.OfJob job) {
        return new TargetView(Kind.JOB, job.name());
      }
      return target instanceof Target.OfQueue queue
          ? new TargetView(Kind.QUEUE, queue.name())
          : new TargetView(Kind.ALL, null);
    }
  }

  /** An event that was sent. */
  record SentView(UUID id) {}

  private Response overview(Call call) {
    Overview.Span span =
        Parameters.of(call, "span")
            .text("span")
            .map(text -> Values.constant("span", Overview.Span.class, text))
            .orElse(Overview.Span.DAY);
    return Json.ok(SystemViews.OverviewView.of(operations.overview(call.principal(), span)));
  }

  private Response queues(Call call) {
    Parameters.none(call);
    return Items.all(operations.queues(call.principal()), SystemViews.QueueView::of);
  }

  private static Target queue(Call call) {
    return Target.queue(call.part("name"));
  }

  private Response paused(Call call) {
    Parameters.none(call);
    return Items.all(operations.paused(call.principal()), TargetView::of);
  }

  private Response pause(Call call, Target target) {
    Parameters.none(call);
    Body.ofOptional(call);
    operations.pause(call.principal(), target);
    return Api.done();
  }

  private Response resume(Call call, Target target) {
    Parameters.none(call);
    Body.ofOptional(call);
    operations.resume(call.principal(), target);
    return Api.done();
  }

  private Response nodes(Call call) {
    Parameters.none(call);
    return Items.all(operations.nodes(call.principal()), SystemViews.NodeView::of);
  }

  private Response eventTypes(Call call) {
    Parameters.none(call);
    return Items.all(operations.events(call.principal()), SystemViews.EventTypeView::of);
  }

  private Response send(Call call) {
    Parameters.none(call);
    Body body = Body.of(call, "type", "data", "id");
    String type = body.required("type", body::text);
    String data = Json.text(body.required("data", body::any));
    var id = operations.send(call.principal(), type, data, body.text("id"));
    return Json.response(201, new SentView(id.value()));
  }

  private Response audit(Call call) {
    Parameters parameters = Parameters.of(call, "limit", "cursor");
    var page = operations.audit(call.principal(), parameters.cursor("audit"), parameters.limit());
    return Items.page("audit", page, AuditRow::id, SystemViews.AuditView::of);
  }
}
