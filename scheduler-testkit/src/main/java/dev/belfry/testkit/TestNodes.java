// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit;

import static java.util.Objects.requireNonNull;

import dev.belfry.Job;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerBuilder;
import dev.belfry.SchedulerClient;
import dev.belfry.SchedulerEvent;
import dev.belfry.run.RunId;
import dev.belfry.store.JobStore;
import dev.belfry.testkit.VirtualTime.VirtualHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The nodes of a test: one after another, started when it is needed. */
final class TestNodes {
  static final int NO_DOOM = -1;

  private static final Duration RARELY = Duration.ofHours(1);
  private static final Duration TO_START_AGAIN = Duration.ofMinutes(1);

  /** After this a lease is over, and another node has found that out. */
  static final Duration LOST_LEASE = RARELY.multipliedBy(3);

  private final VirtualTime time;
  private final JobStore store;
  private final Faults faults;
  private final Doom doom;
  private final boolean isDoomed;
  private final VirtualHost own; // of what the test does, and of what happens to its nodes
  private final List<Job<?>> jobs = new ArrayList<>();
  private final List<Scheduler> others = new ArrayList<>();
  private final List<String> mistakes = new ArrayList<>();
  private UnaryOperator<SchedulerBuilder> settings = UnaryOperator.identity();
  private @Nullable VirtualHost host; // of the present node, or the last one
  private @Nullable Scheduler scheduler; // null: not started since jobs were registered, or dead
  private @Nullable SchedulerClient client; // without a node
  private boolean dead; // until another is started
  private boolean replaying;
  private long passes;

  TestNodes(VirtualTime time, JobStore store, int doomedAt) {
    this.time = time;
    this.store = store;
    this.faults = new Faults(this, time, store);
    this.doom = new Doom(doomedAt, this::died);
    this.isDoomed = doomedAt != NO_DOOM;
    this.own = time.newHost();
  }

  Faults faults() {
    return faults;
  }

  Doom doom() {
    return doom;
  }

  boolean isDoomed() {
    return isDoomed;
  }

  void register(List<Job<?>> newJobs) {
    close();
    jobs.addAll(newJobs);
    client = null;
  }

  boolean know(Job<?> job) {
    return jobs.contains(job);
  }

  void configure(UnaryOperator<SchedulerBuilder> newSettings) {
    close();
    settings = newSettings;
  }

  void replayAfterEachStep() {
    replaying = true;
  }

  // Life and death

  Scheduler scheduler() {
    Scheduler started = scheduler;
    if (started == null) {
      dead = false;
      VirtualHost its = newHost();
      host = its;
      started = start(its, doom.over(faults.store().store(), its));
      scheduler = started;
    }
    return started;
  }

  private VirtualHost newHost() {
    VirtualHost newHost = time.newHost();
    faults.befall(newHost);
    newHost.watch(
        new HostWatch() {
          @Override
          public void before(BodyCall call) {
            faults.before(call);
          }

          @Override
          public boolean goesOn(RunId run) {
            return !replaying;
          }
        });
    return newHost;
  }

  private Scheduler start(VirtualHost its, JobStore through) {
    return settings
        .apply(Scheduler.builder().lease(RARELY).pollInterval(RARELY))
        .store(through)
        .host(its)
        .listener(this::hear)
        .register(jobs.toArray(Job<?>[]::new))
        .start();
  }

  private void hear(SchedulerEvent event) {
    if (event instanceof SchedulerEvent.RunStarted) {
      passes++;
    } else if (event instanceof SchedulerEvent.SuspensionSwallowed swallowed) {
      mistakes.add(
          "the handler of job \""
              + swallowed.job()
              + "\" caught what ends a pass, at "
              + swallowed.waitsFor()
              + "; let Errors pass: catch exceptions, not Throwable");
    }
  }

  /** Returns the host of the present node, which is started if there is none. */
  VirtualHost host() {
    scheduler();
    return requireNonNull(host, "a node has a host");
  }

  /** Starts a node beside, which takes over what the present one loses. */
  void startOther() {
    scheduler();
    others.add(start(newHost(), faults.store().store()));
  }

  void crash() {
    host().kill();
    scheduler = null;
  }

  private void died() {
    scheduler = null;
    dead = true;
    own.after(TO_START_AGAIN, this::begin);
  }

  private void begin() {
    try {
      scheduler();
    } catch (NodeDied atItsStart) {
      scheduler = null;
    }
  }

  /** Starts the node, unless it is started, or dead and to be started later. */
  void beginUnlessDead() {
    if (!dead) {
      begin();
    }
  }

  void close() {
    Scheduler started = scheduler;
    scheduler = null;
    if (started != null) {
      started.close();
    }
    others.forEach(Scheduler::close);
    others.clear();
  }

  /** Ends all without a trace. */
  void abandon() {
    if (host != null) {
      host.kill();
    }
    own.kill();
  }

  // What the test does by them

  SchedulerClient client() {
    if (!isDoomed) {
      return scheduler();
    }
    beginUnlessDead();
    return reader();
  }

  /** Returns a client that does not die and whose calls do not fail. */
  SchedulerClient reader() {
    SchedulerClient its = client;
    if (its == null) {
      its = SchedulerClient.of(store, own, jobs.toArray(Job<?>[]::new));
      client = its;
    }
    return its;
  }

  /** Has a node find at once what the client has done beside it. */
  void wakeForClient() {
    Scheduler started = scheduler;
    if (isDoomed && started != null) {
      started.wake();
    }
  }

  /** Returns how many passes of handlers have begun. */
  long passes() {
    return passes;
  }

  /** Throws if a handler has done what none may. */
  void refuseMistakes() {
    if (!mistakes.isEmpty()) {
      String words = String.join("\n", mistakes);
      mistakes.clear();
      throw new AssertionError(words);
    }
  }
}
