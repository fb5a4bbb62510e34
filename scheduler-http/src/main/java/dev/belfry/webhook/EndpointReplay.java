// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.belfry.Job;
import dev.belfry.JobContext;
import dev.belfry.retry.NonRetryableException;
import dev.belfry.run.Page;
import dev.belfry.run.RunQuery;
import dev.belfry.run.Status;
import dev.belfry.run.Unique;
import dev.belfry.store.RunRecord;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/*
 * A message is missed if the endpoint takes it now and has no delivery of it that has completed or
 * may do so yet. Whoever died half-way finds what is under way already, so nothing is sent twice.
 */
/** Sends an endpoint what it has missed. Thread-safe. */
record EndpointReplay(WebhookState state, Job<WebhookMessage> messages, Job<Delivery> deliveries) {
  private static final Set<Status> MISSED =
      Set.of(Status.FAILED, Status.TIMED_OUT, Status.CANCELLED, Status.SKIPPED);

  void run(JobContext ctx, Replay replay) {
    StoredEndpoint endpoint =
        state
            .live()
            .book()
            .find(replay.endpoint())
            .orElseThrow(
                () ->
                    new NonRetryableException(
                        "there is no webhook endpoint \"" + replay.endpoint() + "\""));
    Set<String> had = new HashSet<>();
    RunQuery since =
        RunQuery.ofJob(deliveries.name()).tagged(Delivery.TAG + endpoint.id()).limit(500);
    each(
        since.between(replay.since(), state.live().book().now().plusSeconds(1)), // all
        record -> {
          if (!MISSED.contains(record.run().status())) {
            Delivery delivery = read(deliveries, record);
            if (!delivery.test()) {
              had.add(delivery.message().id());
            }
          }
        });
    each(
        RunQuery.ofJob(messages.name()).between(replay.since(), replay.until()).limit(500),
        record -> {
          WebhookMessage message = read(messages, record);
          if (endpoint.spec().takes(message.type()) && had.add(message.id())) {
            send(Delivery.of(endpoint, message));
            ctx.items(1, 0);
          }
        });
  }

  private void send(Delivery delivery) {
    state
        .live()
        .context()
        .client()
        .enqueue(
            deliveries,
            delivery,
            MessageFanOut.options(delivery).withUnique(Unique.whileActive(delivery.key())));
  }

  private void each(RunQuery query, Consumer<RunRecord> reader) {
    Page<RunRecord> page = state.live().context().store().runs(query);
    page.items().forEach(reader);
    while (page.more()) {
      Optional<RunRecord> last = page.items().stream().reduce((first, second) -> second);
      page = state.live().context().store().runs(query.olderThan(last.orElseThrow().run().id()));
      page.items().forEach(reader);
    }
  }

  private <I> I read(Job<I> job, RunRecord record) {
    return state.live().context().input(job, new String(record.input().bytes(), UTF_8));
  }
}
