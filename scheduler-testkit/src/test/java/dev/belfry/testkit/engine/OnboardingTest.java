// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.Event;
import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.Scheduler;
import dev.belfry.StepFailedException;
import dev.belfry.StepOptions;
import dev.belfry.run.EventId;
import dev.belfry.run.Run;
import dev.belfry.run.Status;
import dev.belfry.store.Exchanged;
import dev.belfry.store.JobStore;
import dev.belfry.store.NewEvent;
import dev.belfry.store.Payload;
import dev.belfry.testkit.VirtualTime.VirtualHost;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A function over four days sends the same e-mails in the same order, whichever operation of the
 * store its node dies before or after.
 */
class OnboardingTest {
  record User(String id) {}

  record Login(String userId) {}

  private static final EventType<User> CREATED = EventType.of("user/created", User.class);
  private static final EventType<Login> LOGIN =
      EventType.of("user/login", Login.class).keyedBy(Login::userId);
  private static final String GIFT = "gift on day 1";
  private static final int HALF_HOURS = 2 * 105;

  /** A node that dies at an operation of its store. */
  private static final class Doomed {
    private final int at; // the number of the operation; odd: before it, even: after it
    private final World world = new World();
    private final List<String> mails = new ArrayList<>();
    private VirtualHost host = world.time.newHost();
    private final List<Integer> telling = new ArrayList<>(); // the operations that are no idle look
    private int operations;
    private boolean dead;

    Doomed(int at) {
      this.at = at;
    }

    private Job<User> onboarding() {
      return Job.named("onboarding", User.class)
          .onEvent(CREATED)
          .handler(
              (ctx, user) -> {
                ctx.step("welcome", () -> mail("welcome"));
                ctx.sleep("wait-1-day", Duration.ofDays(1));
                ctx.step("tips", () -> mail("tips"));
                try {
                  ctx.step("gift", StepOptions.atMostOnce(), () -> mail("gift"));
                } catch (StepFailedException unknown) {
                  assertThat(unknown.interrupted()).isTrue();
                }
                Optional<Event<Login>> login =
                    ctx.waitForEvent("login", LOGIN, user.id(), Duration.ofDays(3));
                if (login.isEmpty()) {
                  ctx.step("re-engage", () -> mail("re-engagement"));
                }
              });
    }

    private void mail(String what) {
      if (dead) {
        throw new IllegalStateException("a dead node sends no mail");
      }
      mails.add(what + " on day " + world.elapsed().toDays());
    }

    /** A store whose user dies at an operation: nothing of it reaches the store any more. */
    private JobStore deadly() {
      JobStore real = world.store;
      VirtualHost mine = host;
      return (JobStore)
          Proxy.newProxyInstance(
              getClass().getClassLoader(),
              new Class<?>[] {JobStore.class},
              (proxy, method, arguments) -> {
                if (dead) {
                  throw new IllegalStateException("this node is dead");
                }
                operations++;
                if (2 * operations - 1 == at) {
                  throw die(mine);
                }
                try {
                  Object answer = method.invoke(real, arguments);
                  if (isTelling(method.getName(), arguments, answer)) {
                    telling.add(operations);
                  }
                  if (2 * operations == at) {
                    throw die(mine);
                  }
                  return answer;
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });
    }

    /** Whether an operation does more than to find that there is nothing to do. */
    private static boolean isTelling(String name, Object[] arguments, Object answer) {
      return switch (name) {
        case "exchange" ->
            !((List<?>) arguments[1]).isEmpty() || !((Exchanged) answer).claimed().isEmpty();
        case "inbox" -> !((List<?>) answer).isEmpty();
        case "renew", "dueTicks", "purge", "heldBy", "now", "reap", "onHint" -> false;
        default -> true;
      };
    }

    private IllegalStateException die(VirtualHost mine) {
      dead = true;
      mine.kill();
      return new IllegalStateException("this node dies here");
    }

    /** Lets four days pass; another node comes up some minutes after the first has died. */
    void run(boolean withLogin) {
      try {
        start(deadly());
      } catch (IllegalStateException died) {
        assertThat(died).hasMessageContaining("this node");
      }
      send(CREATED.name(), 1, "{\"id\":\"u1\"}", "u1");
      boolean replaced = false;
      for (int halfHours = 1; halfHours <= HALF_HOURS; halfHours++) {
        world.time.advance(Duration.ofMinutes(30));
        if (dead && !replaced) {
          replaced = true;
          dead = false;
          host = world.time.newHost();
          start(world.store);
        }
        if (withLogin && halfHours == 2 * 50) {
          send(LOGIN.name(), 2, "{\"userId\":\"u1\"}", "u1");
        }
      }
    }

    private void start(JobStore store) {
      Scheduler.builder()
          .store(store)
          .host(host)
          .pollInterval(Duration.ofHours(1))
          .lease(Duration.ofHours(1))
          .register(onboarding())
          .start();
    }

    private void send(String event, int id, String json, String key) {
      Payload data = Payload.of("json", json.getBytes(StandardCharsets.UTF_8));
      world.store.send(
          List.of(NewEvent.of(new EventId(new UUID(7, id)), event, data).withKey(key)));
    }

    List<Run> runs() {
      return world.runsOf("onboarding");
    }
  }

  private static void assertSameAtEveryCrash(boolean withLogin, String... expected) {
    var undisturbed = new Doomed(-1);
    undisturbed.run(withLogin);
    assertThat(undisturbed.mails).containsExactly(expected);

    int repeats = 0;
    List<Integer> crashes =
        undisturbed.telling.stream().flatMap(n -> Stream.of(2 * n - 1, 2 * n)).toList();
    for (int at : crashes) {
      var doomed = new Doomed(at);
      doomed.run(withLogin);
      List<String> distinct = doomed.mails.stream().distinct().toList();
      assertThat(withoutGift(distinct))
          .as("crash at %s of %s", at, crashes)
          .isEqualTo(withoutGift(List.of(expected)));
      assertThat(doomed.mails.stream().filter(GIFT::equals).count())
          .as("gifts after crash at %s of %s", at, crashes)
          .isLessThanOrEqualTo(1);
      assertThat(doomed.runs())
          .as("crash at %s of %s", at, crashes)
          .extracting(Run::status)
          .containsExactly(Status.COMPLETED);
      repeats += doomed.mails.size() - distinct.size();
    }
    assertThat(crashes).hasSizeGreaterThan(40);
    assertThat(repeats).as("mails sent, but not remembered").isPositive();
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
