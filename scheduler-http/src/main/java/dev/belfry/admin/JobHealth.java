// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belfry.JobStatistics;
import dev.belfry.JobView;
import dev.belfry.run.Run;
import dev.belfry.run.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * How the jobs of a node fare.
 *
 * @param startedAt when this node started
 * @param uptime how long ago that is
 * @param entries one for each job
 */
record JobHealth(Instant startedAt, Duration uptime, List<Entry> entries) {
  /**
   * How a job fares.
   *
   * @param critical whether it matters to the whole
   * @param overdue whether its next run should have started some time ago, and nobody paused it
   */
  record Entry(JobView view, JobStatistics statistics, boolean critical, boolean overdue) {
    ObjectNode json() {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      json.put("job", view.name());
      statistics.lastRun().ifPresent(run -> putEnd(json, "lastRun", run));
      statistics.lastSuccess().ifPresent(run -> putEnd(json, "lastSuccess", run));
      json.put("completed", Long.toString(statistics.completed()));
      json.put("failed", Long.toString(statistics.failed() + statistics.timedOut()));
      statistics.nextRun().ifPresent(at -> json.put("nextRun", at.toString()));
      json.put("critical", critical);
      json.put("overdue", overdue);
      return json;
    }

    private static void putEnd(ObjectNode json, String name, Run run) {
      if (run.state() instanceof RunState.Ended ended) {
        json.put(name, ended.at().toString());
      }
    }
  }

  boolean isGood() {
    return entries.stream().noneMatch(entry -> entry.critical() && entry.overdue());
  }
}
