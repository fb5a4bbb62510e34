// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.AlertRule;
import dev.belfry.Alerts;
import dev.belfry.Job;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerClient;
import dev.belfry.retry.NonRetryableException;
import dev.belfry.run.Run;
import dev.belfry.run.Status;
import dev.belfry.store.JobStore;
import dev.belfry.store.Records;
import dev.belfry.testkit.VirtualTime.VirtualHost;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * A node may die before and after each operation of the store: an alert is one run all the same,
 * and so is its end.
 */
class AlertCrashTest {
  private static final Job<String> JOB =
      Job.named("work", String.class)
          .alert(AlertRule.consecutiveFailures(2))
          .handler(
              (ctx, input) -> {
                if (input.equals("disk")) {
                  throw new NonRetryableException("no disk");
                }
              });

  /** A world in which one node dies at one operation of its store or of the records in it. */
  private static final class Doomed {
    private final World world = new World();
    private final VirtualHost host = world.time.newHost();
    private final int at; // twice the operation, less one for the moment before it
    private int operations;
    private boolean dead;

    Doomed(int at) {
      this.at = at;
    }

    private <T> T deadly(Class<T> type, T real) {
      return type.cast(
          Proxy.newProxyInstance(
              getClass().getClassLoader(),
              new Class<?>[] {type},
              (proxy, method, arguments) ->
                  method.getReturnType() == Records.class
                      ? deadly(Records.class, world.store.records())
                      : call(real, method, arguments)));
    }

    private Object call(Object real, Method method, Object[] arguments) throws Throwable {
      if (dead) {
        throw new IllegalStateException("this node is dead");
      }
      operations++;
      dieAt(2 * operations - 1);
      try {
        Object answer = method.invoke(real, arguments);
        dieAt(2 * operations);
        return answer;
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }

    private void dieAt(int moment) {
      if (moment == at) {
        dead = true;
        host.kill();
        throw new IllegalStateException("this node dies here");
      }
    }

    void run() {
      try {
        Scheduler.builder()
            .store(deadly(JobStore.class, world.store))
            .host(host)
            .register(JOB)
            .start();
      } catch (IllegalStateException died) {
        assertThat(died).hasMessageContaining("this node");
      }
      SchedulerClient client = SchedulerClient.of(world.store, JOB);
      client.enqueue(JOB, "disk");
      client.enqueue(JOB, "disk");
      world.time.advance(Duration.ofSeconds(10));
      world.start(JOB);
      world.time.advance(Duration.ofMinutes(1));
      client.enqueue(JOB, "fine");
      world.time.advance(Duration.ofMinutes(1));
    }
  }

  @Test
  void alertAndItsEnd_areToldOnce_whereverANodeDies() {
    var undisturbed = new Doomed(-1);
    undisturbed.run();
    int crashes = 0;

    for (int at = -1; at <= 2 * undisturbed.operations; at++) {
      var doomed = new Doomed(at);
      doomed.run();
      assertThat(doomed.world.runsOf(Alerts.JOB))
          .as("alert and recovery after a crash at %s", at)
          .extracting(Run::status)
          .containsExactly(Status.COMPLETED, Status.COMPLETED);
      assertThat(doomed.world.store.inbox(10)).as("left after a crash at %s", at).isEmpty();
      crashes += doomed.dead ? 1 : 0;
    }

    assertThat(crashes).isGreaterThan(40);
  }
}
