// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.api;

import static dev.belfry.http.routing.Route.get;
import static dev.belfry.http.routing.Route.post;

import dev.belfry.ScheduleView;
import dev.belfry.admin.operations.ScheduleDesk;
import dev.belfry.admin.operations.ScheduleDetail;
import dev.belfry.admin.operations.ScheduleEntry;
import dev.belfry.admin.operations.ScheduleRequest;
import dev.belfry.http.Principal;
import dev.belfry.http.Response;
import dev.belfry.http.Scope;
import dev.belfry.http.routing.Call;
import dev.belfry.http.routing.Problem;
import dev.belfry.http.routing.Route;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * The routes of schedules. The tag of a schedule names what people have changed in it, not its
 * ticks: who edits one that fires each second is not sent away for each tick.
 */
final class ScheduleRoutes {
  private static final String SCHEDULES = Api.BASE + "/schedules";
  private static final String SCHEDULE = SCHEDULES + "/{id}";
  private static final int TICKS = 5;
  private static final int MOST_TICKS = 100;
  private static final int MOST_TAGS = 100;

  private final ScheduleDesk schedules;
  private final IdempotencyKeys keys;

  ScheduleRoutes(ScheduleDesk schedules, IdempotencyKeys keys) {
    this.schedules = schedules;
    this.keys = keys;
  }

  List<Route> all() {
    return List.of(
        get(SCHEDULES, this::list),
        keys.on(post(SCHEDULES, Scope.ADMIN, this::create)),
        get(Api.BASE + "/schedule-preview", this::preview), // no id may be hidden by it
        get(SCHEDULE, this::one),
        new Route("PUT", SCHEDULE, Scope.ADMIN, this::put),
        new Route("PATCH", SCHEDULE, Scope.ADMIN, this::change),
        new Route("DELETE", SCHEDULE, Scope.ADMIN, this::delete),
        get(SCHEDULE + "/next", this::next),
        get(SCHEDULE + "/explain", this::explain),
        post(SCHEDULE + "/pause", Scope.OPERATE, call -> move(call, schedules::pause)),
        post(SCHEDULE + "/resume", Scope.OPERATE, call -> move(call, schedules::resume)),
        post(SCHEDULE + "/reset", Scope.ADMIN, call -> move(call, schedules::reset)),
        keys.on(post(SCHEDULE + "/trigger", Scope.OPERATE, this::trigger)));
  }

  private Response list(Call call) {
    Parameters parameters = Parameters.of(call, "limit", "cursor");
    var page = schedules.list(call.principal(), parameters.cursor("schedules"), parameters.limit());
    return Items.page(
        "schedules", page, entry -> entry.view().id(), ScheduleViews.ScheduleItem::of);
  }

  private Response one(Call call) {
    Parameters.none(call);
    ScheduleDetail detail = find(call, TICKS);
    return tag(detail.entry()).on(Json.ok(ScheduleViews.ScheduleFull.of(detail)));
  }

  private Response next(Call call) {
    int count = Parameters.of(call, "count").number("count", 1, MOST_TICKS, TICKS);
    return Items.all(ScheduleViews.TickView.all(find(call, count).ticks()), tick -> tick);
  }

  private Response explain(Call call) {
    Parameters.none(call);
    return Json.ok(new JobRoutes.ExplanationView(find(call, 1).explanation()));
  }

  private ScheduleDetail find(Call call, int ticks) {
    return schedules.get(call.principal(), call.part("id"), ticks);
  }

  private static Etag tag(ScheduleEntry entry) {
    var view = entry.view();
    boolean paused = view.state() == ScheduleView.State.PAUSED;
    String said =
        String.join(
            "\n", view.id(), view.job(), view.definition(), paused + " " + view.overridden());
    return Etag.of(said.getBytes(StandardCharsets.UTF_8));
  }

  private Response preview(Call call) {
    Parameters parameters = Parameters.of(call, "definition", "zone", "from", "count");
    return Json.ok(
        ScheduleViews.PreviewView.of(
            schedules.preview(
                parameters
                    .text("definition")
                    .orElseThrow(() -> Problem.invalid("definition", "is missing")),
                parameters.text("zone"),
                parameters.instant("from"),
                parameters.number("count", 1, MOST_TICKS, TICKS))));
  }

  private Response create(Call call) {
    Parameters.none(call);
    Body body = Body.of(call, "id", "job", "definition", "zone", "input", "tags");
    return created(call, request(body, body.required("id", body::text)));
  }

  /** Creates a schedule. The same request again finds it and changes nothing. */
  private Response put(Call call) {
    Parameters.none(call);
    Body body = Body.of(call, "job", "definition", "zone", "input", "tags");
    ScheduleRequest request = request(body, call.part("id"));
    try {
      return created(call, request);
    } catch (Problem problem) {
      if (problem.status() != 409) {
        throw problem;
      }
      ScheduleDetail there = find(call, 1);
      if (!says(there, request)) {
        throw problem;
      }
      return answer(there.entry(), 200);
    }
  }

  private boolean says(ScheduleDetail there, ScheduleRequest request) {
    var view = there.entry().view();
    String definition =
        schedules.preview(request.definition(), request.zone(), Optional.empty(), 1).definition();
    return view.job().equals(request.job())
        && view.definition().equals(definition)
        && view.tags().containsAll(request.tags())
        && there
            .input()
            .json()
            .map(Json::tree)
            .equals(request.input().or(() -> Optional.of("null")).map(Json::tree));
  }

  private static ScheduleRequest request(Body body, String id) {
    return new ScheduleRequest(
        id,
        body.required("job", body::text),
        body.required("definition", body::text),
        body.text("zone"),
        body.any("input").map(Json::text),
        body.texts("tags", MOST_TAGS));
  }

  private Response created(Call call, ScheduleRequest request) {
    ScheduleEntry entry = schedules.create(call.principal(), request);
    String id = URLEncoder.encode(entry.view().id(), StandardCharsets.UTF_8);
    return answer(entry, 201).with("location", call.request().base() + SCHEDULES + "/" + id);
  }

  private static Response answer(ScheduleEntry entry, int status) {
    return tag(entry).on(Json.response(status, ScheduleViews.ScheduleItem.of(entry)));
  }

  private Response change(Call call) {
    Parameters.none(call);
    Body body = Body.of(call, "definition", "zone");
    String definition = body.required("definition", body::text);
    tag(find(call, 1).entry()).check(call);
    return answer(
        schedules.change(call.principal(), call.part("id"), definition, body.text("zone")), 200);
  }

  private Response delete(Call call) {
    Parameters.none(call);
    tag(find(call, 1).entry()).check(call);
    schedules.delete(call.principal(), call.part("id"));
    return Api.done();
  }

  private Response move(Call call, BiFunction<Principal, String, ScheduleEntry> move) {
    Parameters.none(call);
    Body.ofOptional(call);
    return answer(move.apply(call.principal(), call.part("id")), 200);
  }

  private Response trigger(Call call) {
    Parameters.none(call);
    Body body = Body.ofOptional(call, "anyway");
    return JobRoutes.EnqueuedView.response(
        call, schedules.trigger(call.principal(), call.part("id"), body.flag("anyway")));
  }
}
