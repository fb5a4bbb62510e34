// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.databases;

import static java.util.Objects.requireNonNull;

import dev.dbos.transact.DBOS;
import dev.dbos.transact.config.DBOSConfig;
import dev.dbos.transact.workflow.Workflow;
import org.jspecify.annotations.Nullable;

/**
 * DBOS Transact, whose durable functions are measured and not its queues. Functions are called as
 * its guide does first: directly, on the thread of the caller, which is its fastest way.
 */
final class DbosEngine implements Engine {
  private final Setup setup;
  private @Nullable DBOS dbos;
  private @Nullable Steps steps;

  DbosEngine(Setup setup) {
    this.setup = setup;
  }

  /** What it makes durable. */
  public interface Steps {
    /** Carries out so many steps; returns the sum of what they return. */
    int run(int count);
  }

  /** The function. */
  public record TheSteps(DBOS dbos) implements Steps {
    @Override
    @Workflow(name = "steps")
    public int run(int count) {
      int sum = 0;
      for (int i = 0; i < count; i++) {
        int step = i;
        sum += dbos.runStep(() -> step, "step-" + i);
      }
      return sum;
    }
  }

  /** It makes its tables when it is started. */
  @Override
  public void create() {}

  @Override
  public void fill(int runs) {
    throw new UnsupportedOperationException("only functions are measured");
  }

  @Override
  public void enqueue(long stamp) {
    throw new UnsupportedOperationException("only functions are measured");
  }

  @Override
  public void start(Tally tally) {
    dbos =
        new DBOS(DBOSConfig.defaults("benchmark").withAppVersion("1").withDataSource(setup.pool()));
    steps = dbos.registerProxy(Steps.class, new TheSteps(dbos));
    dbos.launch();
  }

  @Override
  public int function(int count) {
    return requireNonNull(steps).run(count);
  }

  @Override
  public void settle() {}

  @Override
  public void stop() {
    requireNonNull(dbos).shutdown();
    dbos = null;
  }
}
