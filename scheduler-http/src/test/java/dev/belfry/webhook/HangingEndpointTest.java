// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.Job;
import dev.belfry.Scheduler;
import dev.belfry.run.Run;
import dev.belfry.run.RunQuery;
import dev.belfry.run.Status;
import dev.belfry.webhook.testing.WebhookReceiver;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An endpoint that hangs costs the others nothing but the workers of its limit; real threads. */
class HangingEndpointTest {
  private static final int EACH = 10;
  private final WebhookSecret secret = WebhookSecret.generate();

  @Test
  void healthyEndpoints_getAll_whileTwoHang() throws Exception {
    try (var hanging = new HostileServer((socket, out, self) -> self.hang());
        WebhookReceiver receiver = WebhookReceiver.start()) {
      List<Job<WebhookMessage>> dead =
          List.of(endpoint("dead/1", hanging.uri()), endpoint("dead/2", hanging.uri()));
      List<Job<WebhookMessage>> healthy = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        healthy.add(endpoint("healthy/" + i, receiver.url()));
      }
      try (Scheduler scheduler =
          Scheduler.builder()
              .workers(10) // of which the two take four each
              .grace(Duration.ZERO)
              .register(dead.toArray(Job<?>[]::new))
              .register(healthy.toArray(Job<?>[]::new))
              .start()) {
        enqueue(scheduler, dead);
        enqueue(scheduler, healthy);

        receiver.await(8 * EACH, Duration.ofSeconds(60));

        List<Run> left = scheduler.runs(RunQuery.ofJob("dead/1").limit(100)).items();
        assertThat(left).hasSize(EACH).noneMatch(run -> run.status() == Status.COMPLETED);
        assertThat(left.stream().filter(run -> run.status() == Status.RUNNING))
            .hasSizeLessThanOrEqualTo(4);
        hanging.stop(); // lets the calls end, and so the scheduler
      }
    }
  }

  private static void enqueue(Scheduler scheduler, List<Job<WebhookMessage>> endpoints) {
    for (Job<WebhookMessage> endpoint : endpoints) {
      for (int i = 0; i < EACH; i++) {
        scheduler.enqueue(endpoint, WebhookMessage.of("test", String.valueOf(i)));
      }
    }
  }

  private Job<WebhookMessage> endpoint(String name, URI url) {
    return WebhookEndpoint.named(name)
        .url(url)
        .secrets(() -> List.of(secret))
        .guard(
            DestinationGuard.standard()
                .withPlainHttp()
                .withNetwork("127.0.0.0/8")
                .withPort(DestinationGuard.portOf(url)))
        .timeout(Duration.ofMinutes(5)) // longer than the test
        .build();
  }
}
