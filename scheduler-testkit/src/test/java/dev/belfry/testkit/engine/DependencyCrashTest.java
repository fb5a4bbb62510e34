// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.Job;
import dev.belfry.On;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerClient;
import dev.belfry.run.Run;
import dev.belfry.run.Status;
import dev.belfry.store.JobStore;
import dev.belfry.testkit.VirtualTime.VirtualHost;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * A node may die before and after each operation of the store: what comes after a run starts once,
 * here and on a node that knows no other job.
 */
class DependencyCrashTest {
  private static final Job<String> PARENT =
      Job.named("parent", String.class).onEnd((ctx, end) -> {}).handler((ctx, in) -> {});
  private static final Job<String> HERE =
      Job.named("here", String.class).after(PARENT).on(On.SUCCESS).handler((ctx, in) -> {});
  private static final Job<String> ELSEWHERE =
      Job.named("elsewhere", String.class).after(PARENT).on(On.ALWAYS).handler((ctx, in) -> {});

  /** A world in which one node dies at one operation of its store. */
  private static final class Doomed {
    private final World world = new World();
    private final VirtualHost host = world.time.newHost();
    private final int at; // twice the operation, less one for the moment before it
    private int operations;
    private boolean dead;

    Doomed(int at) {
      this.at = at;
    }

    private Object call(Method method, Object[] arguments) throws Throwable {
      if (dead) {
        throw new IllegalStateException("this node is dead");
      }
      operations++;
      dieAt(2 * operations - 1);
      try {
        Object answer = method.invoke(world.store, arguments);
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
      world.start(ELSEWHERE);
      JobStore deadly =
          (JobStore)
              Proxy.newProxyInstance(
                  getClass().getClassLoader(),
                  new Class<?>[] {JobStore.class},
                  (proxy, method, arguments) -> call(method, arguments));
      try {
        Scheduler.builder().store(deadly).host(host).register(PARENT, HERE).start();
      } catch (IllegalStateException died) {
        assertThat(died).hasMessageContaining("this node");
      }
      SchedulerClient.of(world.store, PARENT).enqueue(PARENT, "in");
      world.time.advance(Duration.ofSeconds(10));
      world.start(PARENT, HERE);
      world.time.advance(Duration.ofMinutes(1));
    }
  }

  @Test
  void everyDependantStartsOnce_whereverANodeDies() {
    var undisturbed = new Doomed(-1);
    undisturbed.run();
    int crashes = 0;

    for (int at = -1; at <= 2 * undisturbed.operations; at++) {
      var doomed = new Doomed(at);
      doomed.run();
      for (String job : new String[] {"parent", "here", "elsewhere", "parent/onEnd"}) {
        assertThat(doomed.world.runsOf(job))
            .as("runs of %s after a crash at %s", job, at)
            .extracting(Run::status)
            .containsExactly(Status.COMPLETED);
      }
      assertThat(doomed.world.store.inbox(10)).as("left after a crash at %s", at).isEmpty();
      crashes += doomed.dead ? 1 : 0;
    }

    assertThat(crashes).isGreaterThan(40);
  }
}
