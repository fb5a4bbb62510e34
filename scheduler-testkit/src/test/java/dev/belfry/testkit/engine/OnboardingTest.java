// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.Event;
import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.StepFailedException;
import dev.belfry.StepOptions;
import dev.belfry.run.Run;
import dev.belfry.run.Status;
import dev.belfry.testkit.CrashMatrix;
import dev.belfry.testkit.TestScheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * A function over four days sends the same e-mails in the same order, whichever operation of the
 * store its node dies before or after.
 */
class OnboardingTest {
  record User(String id) {}

  record Login(String userId) {}

  private static final Instant START = Instant.parse("2026-03-02T08:00:00Z");
  private static final EventType<User> CREATED = EventType.of("user/created", User.class);
  private static final EventType<Login> LOGIN =
      EventType.of("user/login", Login.class).keyedBy(Login::userId);
  private static final String GIFT = "gift on day 1";

  /** The mails that a user gets. */
  private static final class Mails {
    private final TestScheduler t;
    private final List<String> sent = new ArrayList<>();

    Mails(TestScheduler t) {
      this.t = t;
    }

    void send(String what) {
      sent.add(what + " on day " + Duration.between(START, t.now()).toDays());
    }

    private Job<User> onboarding() {
      return Job.named("onboarding", User.class)
          .onEvent(CREATED)
          .handler(
              (ctx, user) -> {
                ctx.step("welcome", () -> send("welcome"));
                ctx.sleep("wait-1-day", Duration.ofDays(1));
                ctx.step("tips", () -> send("tips"));
                try {
                  ctx.step("gift", StepOptions.atMostOnce(), () -> send("gift"));
                } catch (StepFailedException unknown) {
                  assertThat(unknown.interrupted()).isTrue();
                }
                Optional<Event<Login>> login =
                    ctx.waitForEvent("login", LOGIN, user.id(), Duration.ofDays(3));
                if (login.isEmpty()) {
                  ctx.step("re-engage", () -> send("re-engagement"));
                }
              });
    }
  }

  /** Lets five days pass. */
  private static List<String> mailsOf(TestScheduler t, boolean withLogin) {
    var mails = new Mails(t);
    t.register(mails.onboarding()).send(CREATED, new User("u1"));
    t.advance(Duration.ofHours(50));
    if (withLogin) {
      t.send(LOGIN, new Login("u1"));
    }
    t.advance(Duration.ofHours(60));
    assertThat(t.runsOf("onboarding")).extracting(Run::status).containsExactly(Status.COMPLETED);
    return mails.sent;
  }

  private static void assertSameAtEveryCrash(boolean withLogin, String... expected) {
    try (TestScheduler t = TestScheduler.start(START)) {
      assertThat(mailsOf(t, withLogin)).containsExactly(expected);
    }

    var repeats = new AtomicInteger();
    int crashes =
        CrashMatrix.of(
                t -> {
                  List<String> mails = mailsOf(t, withLogin);
                  List<String> distinct = mails.stream().distinct().toList();
                  assertThat(withoutGift(distinct)).isEqualTo(withoutGift(List.of(expected)));
                  assertThat(mails.stream().filter(GIFT::equals).count())
                      .as("gifts")
                      .isLessThanOrEqualTo(1);
                  repeats.addAndGet(mails.size() - distinct.size());
                })
            .from(START)
            .run();

    assertThat(crashes).isGreaterThan(40);
    assertThat(repeats).as("mails sent, but not remembered").hasPositiveValue();
  }

  private static List<String> withoutGift(List<String> mails) {
    return mails.stream().filter(mail -> !mail.equals(GIFT)).toList();
  }

  @Test
  void userWhoDoesNotComeBack_getsThreeMails_andAGiftAtMostOnce() {
    assertSameAtEveryCrash(
        false, "welcome on day 0", "tips on day 1", GIFT, "re-engagement on day 4");
  }

  @Test
  void userWhoComesBack_getsTwoMails_andAGiftAtMostOnce() {
    assertSameAtEveryCrash(true, "welcome on day 0", "tips on day 1", GIFT);
  }
}
