// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit;

import dev.belfry.host.Host;
import dev.belfry.run.RunId;
import dev.belfry.testkit.VirtualTime.VirtualHost;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A handler's body, which runs only while it has the baton. */
final class VirtualBody implements Host.Running {
  private final VirtualLoop loop;
  private final VirtualHost host;
  private final RunId run;
  private final Runnable pass;
  private final Runnable ended;
  private final Semaphore toBody = new Semaphore(0);
  private @Nullable Thread thread; // once it has begun
  private boolean apart; // the thread is its own; what drives is another
  private boolean interrupted;
  private volatile boolean over;

  VirtualBody(VirtualLoop loop, VirtualHost host, RunId run, Runnable pass, Runnable ended) {
    this.loop = loop;
    this.host = host;
    this.run = run;
    this.pass = pass;
    this.ended = ended;
  }

  private String name() {
    return "pass of run " + run;
  }

  void begin() {
    loop.begin(this);
  }

  /** Begins on a thread of its own, and returns when it pauses or ends. */
  void startApart() {
    apart = true;
    Thread own = VirtualLoop.daemon(name(), this::runApart);
    thread = own;
    own.start();
    letGo();
  }

  private void runApart() {
    toBody.acquireUninterruptibly();
    runBody();
  }

  /** Runs on the driving thread, which stays with it if it pauses. */
  void runHere() {
    Thread here = Thread.currentThread();
    thread = here;
    here.setName(name());
    loop.runs(this);
    runBody();
  }

  private void runBody() {
    try {
      pass.run();
    } finally {
      over = true;
      host.post(ended);
      if (apart) {
        loop.giveBack();
      } else {
        loop.runs(null);
        Thread.interrupted(); // what it has done to its thread is not the next one's
      }
    }
  }

  private void letGo() {
    loop.lendTo(this, toBody::release);
  }

  /** Returns whether the present thread is its. */
  boolean isHere() {
    return Thread.currentThread().equals(thread);
  }

  void pause() throws InterruptedException {
    if (!interrupted) {
      loop.paused(this);
      if (apart) {
        loop.giveBack();
      } else {
        apart = true;
        loop.driveOn();
      }
      toBody.acquireUninterruptibly();
    }
    if (interrupted) {
      interrupted = false;
      throw new InterruptedException("interrupted by the scheduler");
    }
  }

  /** Pauses with all of its host, and goes on first when the time is over. */
  void standStill(Duration time) {
    host.standStill(time);
    host.after(time, this::resume);
    try {
      pause();
    } catch (InterruptedException told) {
      Thread.currentThread().interrupt();
    }
  }

  void resume() {
    if (loop.isResumed(this)) {
      letGo();
    }
  }

  @Override
  public void interrupt() {
    if (!over) {
      interrupted = true;
      host.post(this::resume);
    }
  }

  @Override
  public String stack() {
    Thread its = thread;
    return over || its == null
        ? ""
        : Stream.of(its.getStackTrace())
            .map(frame -> "\tat " + frame)
            .collect(Collectors.joining("\n"));
  }
}
