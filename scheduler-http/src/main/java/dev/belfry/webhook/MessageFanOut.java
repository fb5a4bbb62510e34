// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import dev.belfry.EnqueueOptions;
import dev.belfry.Job;
import dev.belfry.JobContext;
import dev.belfry.run.TypeRef;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Sends a message on its way to each endpoint that takes it. Thread-safe. */
record MessageFanOut(WebhookState state, Job<Delivery> delivery) {
  private static final TypeRef<List<String>> IDS = new TypeRef<>() {};
  private static final int AT_ONCE = 1_000;

  void run(JobContext ctx, WebhookMessage message) {
    Map<String, Delivery> all = new LinkedHashMap<>();
    for (StoredEndpoint endpoint : state.live().book().taking(message.type())) {
      all.put(endpoint.id(), Delivery.of(endpoint, message));
    }
    ctx.note("webhook.endpoints", String.valueOf(all.size()));
    if (all.size() <= AT_ONCE) {
      ctx.enqueueAll("deliver", delivery, all, MessageFanOut::options);
    } else {
      inParts(ctx, all);
    }
  }

  /** What goes into which part must be the same in a later pass, so it is kept. */
  private void inParts(JobContext ctx, Map<String, Delivery> all) {
    List<String> ids = ctx.step("endpoints", IDS, () -> List.copyOf(all.keySet()));
    for (int from = 0; from < ids.size(); from += AT_ONCE) {
      Map<String, Delivery> part = new LinkedHashMap<>();
      for (String id : ids.subList(from, Math.min(from + AT_ONCE, ids.size()))) {
        Delivery one = all.get(id);
        if (one != null) { // it was disabled or deleted since
          part.put(id, one);
        }
      }
      ctx.enqueueAll("deliver-" + from / AT_ONCE, delivery, part, MessageFanOut::options);
    }
  }

  /** Returns how a delivery is enqueued: with what the history of an endpoint is found by. */
  static EnqueueOptions options(Delivery delivery) {
    return EnqueueOptions.now().withTags(Delivery.TAG + delivery.endpoint());
  }
}
