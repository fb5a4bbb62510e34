// SPDX-License-Identifier: Apache-2.0
package dev.belfry.examples.docs;

import static java.time.Duration.ofDays;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.Event;
import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.Scheduler;
import dev.belfry.run.Part;
import dev.belfry.run.Run;
import dev.belfry.run.RunQuery;
import dev.belfry.store.JobStore;
import dev.belfry.testkit.RunReplayer;
import dev.belfry.testkit.VirtualTime;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code in the page on durable functions. */
class DurableFunctionsTest {
  record User(String id) {}

  record Login(String userId) {}

  private static final EventType<User> USER_CREATED = EventType.of("user/created", User.class);
  private static final EventType<Login> LOGIN =
      EventType.of("user/login", Login.class).keyedBy(Login::userId);

  /** Where mails go in this test. */
  private static final class Mail {
    private final List<String> sent = new ArrayList<>();

    void send(User user, String template) {
      sent.add(template + " to " + user.id());
    }
  }

  @TempDir Path runs;

  @Test
  void onboarding_isReplayedBeforeItsCodeIsChanged() throws IOException {
    var mail = new Mail();
    Job<User> before =
        Job.named("onboarding", User.class)
            .handler(
                (ctx, user) -> {
                  ctx.step("welcome", () -> mail.send(user, "welcome"));
                  ctx.sleep("wait-1-day", ofDays(1));
                });
    Job<User> onboarding =
        Job.named("onboarding", User.class)
            .handler(
                (ctx, user) -> {
                  ctx.step("greeting", () -> mail.send(user, "greeting"));
                  ctx.sleep("wait-1-day", ofDays(1));
                });
    VirtualTime time = VirtualTime.from(Instant.parse("2026-03-02T08:00:00Z"), 7);
    try (Scheduler scheduler =
        Scheduler.builder()
            .store(JobStore.inMemory(time.clock()))
            .host(time.newHost())
            .register(before)
            .start()) {
      scheduler.enqueue(before, new User("ann"));
      time.runDue();
      export(scheduler, runs.resolve("onboarding.jsonl"));

      for (Run run : scheduler.runs(RunQuery.ofJob("onboarding")).items()) {
        assertThat(scheduler.parts(run.id()))
            .extracting(Part::id)
            .containsExactlyInAnyOrder("welcome", "wait-1-day");
      }
    }

    assertThatThrownBy(() -> check(onboarding))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(
            "- step \"greeting\" is not stored, and the run went on to step \"welcome\" and 1"
                + " more");
    assertThat(mail.sent).containsExactly("welcome to ann");
  }

  private static void export(Scheduler scheduler, Path file) throws IOException {
    try (Writer out = Files.newBufferedWriter(file)) {
      for (Run run : scheduler.runs(RunQuery.ofJob("onboarding")).items()) {
        scheduler.exportRun(run.id(), out);
      }
    }
  }

  private void check(Job<User> onboarding) throws IOException {
    RunReplayer.of(onboarding).replay(runs).assertSame();
  }

  @Test
  void onboarding_sendsItsMailsOverFourDays() {
    var mail = new Mail();
    Job<User> onboarding =
        Job.named("onboarding", User.class)
            .onEvent(USER_CREATED)
            .handler(
                (ctx, user) -> {
                  ctx.step("welcome", () -> mail.send(user, "welcome"));
                  ctx.sleep("wait-1-day", ofDays(1));
                  ctx.step("tips", () -> mail.send(user, "tips"));
                  Optional<Event<Login>> login =
                      ctx.waitForEvent("login", LOGIN, user.id(), ofDays(3));
                  if (login.isEmpty()) {
                    ctx.step("re-engage", () -> mail.send(user, "re-engagement"));
                  }
                });
    VirtualTime time = VirtualTime.from(Instant.parse("2026-03-02T08:00:00Z"), 7);

    try (Scheduler scheduler =
        Scheduler.builder()
            .store(JobStore.inMemory(time.clock()))
            .host(time.newHost())
            .register(onboarding)
            .start()) {
      scheduler.send(USER_CREATED, new User("ann"));
      scheduler.send(USER_CREATED, new User("bob"));
      time.advance(ofDays(2));
      scheduler.send(LOGIN, new Login("bob"));
      time.advance(ofDays(3));
    }

    assertThat(mail.sent)
        .containsExactlyInAnyOrder(
            "welcome to ann",
            "welcome to bob",
            "tips to ann",
            "tips to bob",
            "re-engagement to ann");
  }
}
