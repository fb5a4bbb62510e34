// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.api;

import static dev.belfry.http.routing.Route.get;

import dev.belfry.admin.operations.Operations;
import dev.belfry.http.Response;
import dev.belfry.http.routing.Route;
import dev.belfry.store.JobStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The management API, under {@code /api/v1}: what people see and do, for programs. What a route
 * takes and answers is in its OpenAPI document, which is served too.
 */
public final class Api {
  /** What all its paths begin with. */
  public static final String BASE = "/api/v1";

  private Api() {}

  /**
   * Returns the routes of the API.
   *
   * @param store keeps the answers to requests with an {@code Idempotency-Key}, and statistics
   */
  public static List<Route> routes(Operations operations, JobStore store) {
    var keys = new IdempotencyKeys(store);
    var routes = new ArrayList<Route>();
    routes.addAll(new JobRoutes(operations, keys).all());
    routes.addAll(new RunRoutes(operations.runs(), keys).all());
    routes.addAll(new ScheduleRoutes(operations.schedules(), keys).all());
    routes.addAll(new SystemRoutes(operations, keys).all());
    routes.addAll(new AlertRoutes(operations.alerts()).all());
    routes.addAll(new StatisticsRoutes(operations, store).all());
    byte[] document = document();
    routes.add(
        get(
            BASE + "/openapi.json",
            call -> {
              Parameters.none(call);
              return Json.written(200, document).with("cache-control", "no-cache");
            }));
    return List.copyOf(routes);
  }

  private static byte[] document() {
    try (InputStream in = Api.class.getResourceAsStream("openapi.json")) {
      if (in == null) {
        throw new IllegalStateException("openapi.json is missing beside " + Api.class.getName());
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Answers that something was done and there is no more to say. */
  static Response done() {
    return Response.of(204);
  }
}
