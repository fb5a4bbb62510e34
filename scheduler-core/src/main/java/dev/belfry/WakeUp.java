// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.host.Host;
import dev.belfry.host.Host.Cancellable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A timer for the earliest of what is to come. For the control loop only. */
final class WakeUp {
  private final Host host;
  private final Runnable action;
  private @Nullable Cancellable timer;
  private long timerAt = Lanes.NEVER;

  WakeUp(Host host, Runnable action) {
    this.host = host;
    this.action = action;
  }

  /** Has the action done at a time, unless it is done before that anyway. */
  void at(long time, long now) {
    if (time == Lanes.NEVER || (time >= timerAt && timerAt > now)) {
      return;
    }
    if (timer != null) {
      timer.cancel();
    }
    timerAt = time;
    timer = host.after(Duration.ofNanos(time - now), action);
  }
}
