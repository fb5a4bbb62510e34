// SPDX-License-Identifier: Apache-2.0
package dev.belfry.examples.docs;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.ScheduleSpec;
import dev.belfry.Scheduler;
import dev.belfry.jdbc.JdbcJobStore;
import dev.belfry.run.Pass;
import dev.belfry.run.Run;
import dev.belfry.run.Status;
import dev.belfry.schedule.Schedule;
import dev.belfry.testkit.TestScheduler;
import dev.belfry.webhook.CheckIns;
import dev.belfry.webhook.EncryptionKey;
import dev.belfry.webhook.EndpointSpec;
import dev.belfry.webhook.EndpointView;
import dev.belfry.webhook.HttpCallSpec;
import dev.belfry.webhook.HttpCalls;
import dev.belfry.webhook.IssuedSecret;
import dev.belfry.webhook.SignatureScheme;
import dev.belfry.webhook.WebhookEvent;
import dev.belfry.webhook.WebhookVerifier;
import dev.belfry.webhook.Webhooks;
import dev.belfry.webhook.testing.ReceivedWebhook;
import dev.belfry.webhook.testing.WebhookReceiver;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code in the page on webhooks, as far as it is about endpoints in the store. */
class StoredWebhooksTest {
  record Order(int number) {}

  private static final EventType<Order> ORDER_PAID = EventType.of("order.paid", Order.class);
  private static final String KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  private final List<WebhookEvent> told = new ArrayList<>();

  @Test
  void endpoints_areStored_andToldOfCommittedMessages(@TempDir Path folder) throws Exception {
    Order order = new Order(42);
    try (var dataSource = new HikariDataSource();
        WebhookReceiver receiver = WebhookReceiver.start()) {
      dataSource.setJdbcUrl("jdbc:h2:" + folder.resolve("app"));
      JdbcJobStore store = JdbcJobStore.using(dataSource);
      URI url = receiver.url();
      Webhooks webhooks =
          Webhooks.create()
              .on(ORDER_PAID)
              .keys(EncryptionKey.of("2026", KEY))
              .guard(receiver.guard())
              .listener(told::add);
      try (Scheduler scheduler =
          Scheduler.builder().store(store).with(webhooks).queue("webhooks", 50).start()) {
        IssuedSecret crm = webhooks.endpoints().create("crm", EndpointSpec.of(url, "order.*"));
        crm.secret().ifPresent(secret -> show(secret.text())); // once
        webhooks.send("order.shipped", order);
        try (Connection connection = dataSource.getConnection()) {
          connection.setAutoCommit(false);
          webhooks.send(store.within(connection), "order.lost", order);
          connection.commit();
        }
        scheduler.wake();

        List<ReceivedWebhook> received = receiver.await(2, ofSeconds(30));
        WebhookVerifier verifier =
            WebhookVerifier.of(SignatureScheme.STANDARD, crm.secret().orElseThrow());
        for (ReceivedWebhook message : received) {
          verifier.verify(name -> message.header(name).orElse(null), message.body());
        }
        scheduler.awaitIdle(ofSeconds(30));

        EndpointView now = webhooks.endpoints().find("crm").orElseThrow();
        webhooks.endpoints().change("crm", now.version(), now.spec().withLimit(10));
        webhooks.endpoints().rotate("crm"); // the old secret signs for 24 more hours
        webhooks.endpoints().disable("crm", "moves house");
        webhooks.endpoints().enable("crm");
        webhooks.endpoints().test("crm");
        Run last = scheduler.runs(webhooks.endpoints().deliveries("crm")).items().get(0);
        List<Pass> attempts = scheduler.passes(last.id());
        webhooks.endpoints().replay("crm", Instant.now().minus(ofMinutes(5)));

        receiver.await(3, ofSeconds(30));
        scheduler.awaitIdle(ofSeconds(30));
        assertThat(attempts).hasSizeLessThanOrEqualTo(1);
        assertThat(told).containsExactly(new WebhookEvent.Disabled("crm", "moves house"));
        assertThat(receiver.received()).hasSize(3); // the replay found nothing missing
      }
    }
  }

  @Test
  void calls_areData() {
    try (WebhookReceiver app = WebhookReceiver.start();
        TestScheduler scheduler = TestScheduler.start(Instant.parse("2026-03-02T12:01:00Z"))) {
      app.always("/expiry", 200, "3 expired");
      URI url = app.url().resolve("expiry");

      HttpCalls calls = HttpCalls.create().secrets(name -> Optional.of("Bearer " + name));
      HttpCallSpec expiry =
          HttpCallSpec.post(url)
              .withSecretHeader("Authorization", "CRON_TOKEN")
              .expectingText("expired");

      calls.guard(app.guard());
      scheduler.configure(builder -> builder.with(calls));
      scheduler
          .scheduler()
          .schedules()
          .create(ScheduleSpec.of("expiry", calls.job(), Schedule.every(ofMinutes(5)), expiry));
      scheduler.advance(ofMinutes(5));
      assertThat(app.received().get(0).header("Authorization")).contains("Bearer CRON_TOKEN");
      assertThat(scheduler.runsOf(HttpCalls.JOB))
          .extracting(Run::status)
          .containsExactly(Status.COMPLETED);
    }
  }

  @Test
  void jobs_checkIn() throws Exception {
    try (WebhookReceiver service = WebhookReceiver.start();
        TestScheduler scheduler = TestScheduler.start(Instant.parse("2026-03-02T12:00:00Z"))) {
      URI url = service.url();
      Job<@Nullable Void> cleanup = Job.named("cleanup").handler(ctx -> {});

      CheckIns checkIns =
          CheckIns.create()
              .healthchecks(cleanup, () -> url.resolve("ping/cleanup"))
              .heartbeat(ofMinutes(1), () -> url.resolve("ping/belfry"));

      scheduler
          .register(cleanup)
          .configure(builder -> builder.with(checkIns.guard(service.guard())));
      scheduler.enqueue(cleanup);
      scheduler.drain();
      assertThat(service.await(2, ofSeconds(30)))
          .extracting(ReceivedWebhook::path)
          .anyMatch(path -> path.startsWith("/ping/cleanup/start?rid="))
          .anyMatch(path -> path.startsWith("/ping/cleanup?rid="));
    }
  }

  private static void show(String secret) {
    assertThat(secret).startsWith("whsec_");
  }
}
