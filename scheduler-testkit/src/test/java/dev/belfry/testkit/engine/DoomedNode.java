// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.Job;
import dev.belfry.Scheduler;
import dev.belfry.store.JobStore;
import dev.belfry.testkit.VirtualTime.VirtualHost;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/** A node that dies before or after one operation of its store. */
final class DoomedNode {
  private final World world;
  private final VirtualHost host;
  private final int at; // twice the operation, less one for the moment before it
  private int operations;
  private boolean dead;

  /**
   * Prepares a node of a world.
   *
   * @param at the moment at which it dies: one before and one after each operation, from 1
   */
  DoomedNode(World world, int at) {
    this.world = world;
    this.host = world.time.newHost();
    this.at = at;
  }

  void start(Job<?>... jobs) {
    JobStore deadly =
        (JobStore)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {JobStore.class},
                (proxy, method, arguments) -> call(method, arguments));
    try {
      Scheduler.builder().store(deadly).host(host).register(jobs).start();
    } catch (IllegalStateException died) {
      assertThat(died).hasMessageContaining("this node");
    }
  }

  /** Returns the last moment at which it could have died. */
  int moments() {
    return 2 * operations;
  }

  boolean isDead() {
    return dead;
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
}
