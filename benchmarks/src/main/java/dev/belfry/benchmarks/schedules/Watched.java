// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.schedules;

import com.sun.management.OperatingSystemMXBean;
import dev.belfry.store.DueTicks;
import dev.belfry.store.Exchanged;
import dev.belfry.store.JobStore;
import dev.belfry.store.Verdict;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes the time of ticks and runs in a store: when they began, were fired, were completed. */
final class Watched {
  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private final JobStore store;
  private int expected;
  private int ended;
  private long from;
  private long firedAt;
  private long endedAt;
  private long cpuFrom;
  private long cpuTo;
  private long looking;
  private long firing;

  Watched(JobStore store) {
    this.store = store;
  }

  /** Returns the store, with a look at the calls that fire ticks. */
  JobStore asStore() {
    return (JobStore)
        Proxy.newProxyInstance(
            Watched.class.getClassLoader(),
            new Class<?>[] {JobStore.class},
            (proxy, method, args) -> call(method, args));
  }

  private @Nullable Object call(Method method, Object @Nullable [] args) throws Throwable {
    long began = System.nanoTime();
    @Nullable Object answer;
    try {
      answer = method.invoke(store, args);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
    if (answer instanceof DueTicks due && !due.due().isEmpty()) {
      looked(began);
    } else if (method.getName().equals("fire")) {
      fired(began);
    } else if (answer instanceof Exchanged exchanged) {
      ended(exchanged.verdicts());
    }
    return answer;
  }

  /** Begins to count; the time counts from the first look that finds something due. */
  synchronized void expectTicks(int ticks) {
    expectRuns(ticks);
    from = 0;
  }

  /** Begins to count; the time counts from now. */
  synchronized void expectRuns(int runs) {
    expected = runs;
    ended = 0;
    from = System.nanoTime();
    cpuFrom = PROCESS.getProcessCpuTime();
    looking = 0;
    firing = 0;
  }

  private synchronized void looked(long began) {
    if (from == 0) {
      from = began;
      cpuFrom = PROCESS.getProcessCpuTime();
    }
    looking += System.nanoTime() - began;
  }

  private synchronized void fired(long began) {
    firedAt = System.nanoTime();
    firing += firedAt - began;
  }

  private synchronized void ended(List<Verdict> verdicts) {
    endedAt = System.nanoTime();
    ended += applied(verdicts);
    cpuTo = PROCESS.getProcessCpuTime();
    notifyAll();
  }

  private static int applied(List<Verdict> verdicts) {
    return (int) verdicts.stream().filter(verdict -> verdict == Verdict.APPLIED).count();
  }

  /** Waits until all runs have ended. */
  synchronized void await() throws InterruptedException {
    while (ended < expected) {
      wait();
    }
  }

  synchronized String ticksToLine() {
    return "%6.1f us until fired (%4.1f in looks, %4.1f in firing), %s"
        .formatted(each(firedAt - from), each(looking), each(firing), completed());
  }

  synchronized String runsToLine(long enqueuedAt) {
    return "%6.1f us until enqueued, %s".formatted(each(enqueuedAt - from), completed());
  }

  private String completed() {
    return "%6.1f until completed, %6.1f of processors"
        .formatted(each(endedAt - from), each(cpuTo - cpuFrom));
  }

  private double each(long nanos) {
    return nanos / 1e3 / expected;
  }
}
