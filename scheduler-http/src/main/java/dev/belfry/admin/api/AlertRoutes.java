// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.api;

import static dev.belfry.http.routing.Route.get;
import static dev.belfry.http.routing.Route.post;

import dev.belfry.admin.operations.AlertDesk;
import dev.belfry.http.Response;
import dev.belfry.http.Scope;
import dev.belfry.http.routing.Call;
import dev.belfry.http.routing.Route;
import java.util.List;

/** The routes of alerts and silences. A silence is told by its job and its rule. */
final class AlertRoutes {
  private static final String SILENCES = Api.BASE + "/silences";

  private final AlertDesk alerts;

  AlertRoutes(AlertDesk alerts) {
    this.alerts = alerts;
  }

  List<Route> all() {
    return List.of(
        get(Api.BASE + "/alerts", this::open),
        get(SILENCES, this::silences),
        post(SILENCES, Scope.OPERATE, this::silence),
        new Route("DELETE", SILENCES, Scope.OPERATE, this::unsilence));
  }

  private Response open(Call call) {
    Parameters.none(call);
    return Items.all(alerts.list(call.principal()).open(), SystemViews.AlertView::of);
  }

  private Response silences(Call call) {
    Parameters.none(call);
    return Items.all(alerts.list(call.principal()).silences(), SystemViews.SilenceView::of);
  }

  private Response silence(Call call) {
    Parameters.none(call);
    Body body = Body.of(call, "job", "rule", "until");
    return Json.response(
        201,
        SystemViews.SilenceView.of(
            alerts.silence(
                call.principal(),
                body.text("job"),
                body.text("rule"),
                body.required("until", body::instant))));
  }

  private Response unsilence(Call call) {
    Parameters parameters = Parameters.of(call, "job", "rule");
    alerts.unsilence(call.principal(), parameters.text("job"), parameters.text("rule"));
    return Api.done();
  }
}
