// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc.whole;

import com.zaxxer.hikari.HikariDataSource;
import dev.belfry.Scheduler;

/** The process that {@link CrashPointsTest} has end at a point; it does one case until then. */
final class CrashVictim {
  /** What a process answers that has ended at its point. */
  static final int HALTED = 137;

  private CrashVictim() {}

  /** Takes the URL of the database, the point, how often to pass it, and the number of the case. */
  public static void main(String[] arguments) {
    Child.dieWithParent();
    var crash = new Crash(arguments[1], Integer.parseInt(arguments[2]), Crash.Mode.HALT);
    try (var pool = (HikariDataSource) CampaignNode.pool(arguments[0], 6);
        Scheduler victim = CrashWork.start("victim", CrashPoints.of(pool, crash))) {
      CrashWork.run(victim, Integer.parseInt(arguments[3]));
    }
  }
}
