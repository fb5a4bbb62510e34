// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belfry.JobView;
import dev.belfry.PluginContext;
import dev.belfry.http.Response;
import dev.belfry.http.routing.Call;
import dev.belfry.http.routing.Route;
import dev.belfry.http.security.Guard;
import dev.belfry.store.JobStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Whether this node lives, can work, and does its jobs. Thread-safe. Answers are up to a second
 * old, those about jobs up to 5 seconds, so that probes are no load to the store. Who is not known
 * is told the status and nothing else.
 */
final class Health {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final PluginContext context;
  private final Kept<List<Check>> live;
  private final Kept<List<Check>> ready;
  private final Kept<JobHealth> jobs;
  private volatile boolean closing;

  /** Something that was looked at. */
  private record Check(String name, boolean good, String output) {}

  Health(PluginContext context, Set<String> critical) {
    this.context = context;
    var reading = new JobHealthReading(context, critical);
    this.live = new Kept<>(Duration.ofSeconds(1), context.host(), () -> List.of(loop()));
    this.ready = new Kept<>(Duration.ofSeconds(1), context.host(), () -> List.of(loop(), node()));
    this.jobs = new Kept<>(Duration.ofSeconds(5), context.host(), reading::read);
  }

  void closing() {
    closing = true;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/health/live", call -> answer(call, live::get)),
        Route.get("/health/ready", call -> answer(call, this::ready)),
        Route.get("/health/jobs", this::jobs));
  }

  private List<Check> ready() {
    return closing ? List.of(new Check("node", false, "is being closed")) : ready.get();
  }

  /** The control loop decides everything on a node; it handles an event in no time, or is stuck. */
  private Check loop() {
    var handled = new CompletableFuture<Boolean>();
    context.host().post(() -> handled.complete(true));
    return check("loop", handled, () -> "handles events");
  }

  private Check node() {
    var said = new CompletableFuture<String>();
    Callable<String> reading = this::lease;
    context
        .host()
        .io(reading, (lease, failed) -> said.complete(failed == null ? String.valueOf(lease) : ""));
    Check reached = check("store", said, () -> "answers");
    String lease = reached.good() ? said.join() : "";
    return lease.isEmpty()
        ? new Check("store", false, "does not answer, or this node has no lease")
        : new Check("store", true, "answers; lease of this node until " + lease);
  }

  private String lease() {
    JobStore store = context.store();
    Instant now = store.now();
    return store.nodes().stream()
        .filter(node -> node.card().name().equals(context.node()))
        .filter(node -> node.leaseUntil().isAfter(now))
        .map(node -> node.leaseUntil().toString())
        .findFirst()
        .orElse("");
  }

  private Check check(String name, CompletableFuture<?> done, Supplier<String> output) {
    try {
      return context.host().await(done, PATIENCE)
          ? new Check(name, true, output.get())
          : new Check(name, false, "no answer within " + PATIENCE);
    } catch (InterruptedException broken) {
      Thread.currentThread().interrupt();
      return new Check(name, false, "was interrupted");
    }
  }

  private static boolean isKnown(Call call) {
    return !call.principal().equals(Guard.NOBODY);
  }

  private Response answer(Call call, Supplier<List<Check>> looked) {
    List<Check> checks = looked.get();
    boolean good = checks.stream().allMatch(Check::good);
    ObjectNode json = JSON.createObjectNode().put("status", good ? "up" : "down");
    if (isKnown(call)) {
      var list = json.putArray("checks");
      for (Check check : checks) {
        list.addObject()
            .put("name", check.name())
            .put("status", check.good() ? "up" : "down")
            .put("output", check.output());
      }
    }
    return Response.of(good ? 200 : 503, "application/json", json.toString());
  }

  private Response jobs(Call call) {
    JobHealth health = jobs.get();
    ObjectNode json = JSON.createObjectNode().put("status", health.isGood() ? "up" : "overdue");
    if (isKnown(call)) {
      json.put("startedAt", health.startedAt().toString());
      json.put("uptime", health.uptime().toString());
      var list = json.putArray("jobs");
      for (JobHealth.Entry entry : health.entries()) {
        if (isShown(entry.view(), call)) {
          list.add(entry.json());
        }
      }
    }
    return Response.of(health.isGood() ? 200 : 503, "application/json", json.toString());
  }

  private static boolean isShown(JobView job, Call call) {
    return !call.principal().isConfined()
        || !Collections.disjoint(call.principal().tags(), job.tags());
  }
}
