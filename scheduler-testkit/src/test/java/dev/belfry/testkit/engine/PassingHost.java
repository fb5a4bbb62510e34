// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import dev.belfry.host.Host;
import dev.belfry.run.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;

/** A host that passes all on to a real one, but for the calls to the store. */
abstract class PassingHost implements Host {
  final Host real;

  PassingHost(Host real) {
    this.real = real;
  }

  @Override
  public long nanoTime() {
    return real.nanoTime();
  }

  @Override
  public Instant wallTime() {
    return real.wallTime();
  }

  @Override
  public RandomGenerator random() {
    return real.random();
  }

  @Override
  public void post(Runnable event) {
    real.post(event);
  }

  @Override
  public Cancellable after(Duration delay, Runnable event) {
    return real.after(delay, event);
  }

  @Override
  public Running work(RunId run, Runnable pass, Runnable ended) {
    return real.work(run, pass, ended);
  }

  @Override
  public boolean await(Future<?> done, Duration timeout) throws InterruptedException {
    return real.await(done, timeout);
  }

  @Override
  public Cancellable onExit(Runnable action) {
    return real.onExit(action);
  }

  @Override
  public void close() {
    real.close();
  }
}
