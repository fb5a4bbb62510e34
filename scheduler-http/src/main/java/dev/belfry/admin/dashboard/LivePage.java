// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belfry.admin.operations.Overview;
import dev.belfry.http.Principal;
import dev.belfry.http.Response;
import dev.belfry.http.routing.Call;
import dev.belfry.http.routing.Route;
import dev.belfry.run.Run;
import dev.belfry.run.RunId;
import dev.belfry.run.RunQuery;
import dev.belfry.run.Status;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Numbers that pages are kept fresh by: counts, never names or data. As a stream for who takes one,
 * else once.
 */
final class LivePage {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Frame frame;
  private final Pace pace;

  LivePage(Frame frame, Pace pace) {
    this.frame = frame;
    this.pace = pace;
  }

  List<Route> routes() {
    return List.of(Route.get("/live", this::answer));
  }

  private Response answer(Call call) {
    RunQuery newer = RunFilter.of(call.query()).whole().query().limit(51);
    Optional<String> since = Optional.ofNullable(call.query().get("since")).map(all -> all.get(0));
    Optional<RunId> newest = since.filter(text -> !text.isEmpty()).map(RunFilter::id);
    boolean counts = since.isPresent();
    Principal who = call.principal();
    boolean streams =
        call.request().headers().all("accept").stream()
            .anyMatch(types -> types.contains("text/event-stream"));
    if (!streams) {
      return Response.of(
              200, "application/json; charset=utf-8", numbers(who, newer, newest, counts))
          .with("cache-control", "no-store");
    }
    return Response.streaming(
            "text/event-stream",
            out -> {
              try {
                do {
                  String event = "data: " + numbers(who, newer, newest, counts) + "\n\n";
                  out.write(event.getBytes(StandardCharsets.UTF_8));
                  out.flush();
                } while (pace.next());
              } catch (InterruptedException closing) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("the server is closing");
              }
            })
        .with("cache-control", "no-store")
        .with("x-accel-buffering", "no");
  }

  private String numbers(Principal who, RunQuery query, Optional<RunId> newest, boolean counts) {
    Overview overview = frame.operations().overview(who, Overview.Span.HOUR);
    ObjectNode numbers = JSON.createObjectNode();
    numbers.put("now", overview.at().toString());
    numbers.put("attention", Integer.toString(overview.concerns().size()));
    for (Status status : Status.values()) {
      if (!status.isFinal()) {
        numbers.put(status.name(), Numbers.of(overview.pending().getOrDefault(status, 0L)));
      }
    }
    if (counts) {
      List<Run> runs = frame.operations().runs().list(who, query).items();
      long fresh =
          runs.stream()
              .filter(run -> newest.map(id -> run.id().compareTo(id) > 0).orElse(true))
              .count();
      if (fresh > 0) {
        numbers.put("new", fresh > 50 ? "50+" : Long.toString(fresh));
      }
    }
    return numbers.toString();
  }

  /** How often numbers are sent. */
  @FunctionalInterface
  interface Pace {
    /**
     * Waits until the next numbers are to be sent; false if there are to be none.
     *
     * @throws InterruptedException if the thread is
     */
    boolean next() throws InterruptedException;
  }
}
