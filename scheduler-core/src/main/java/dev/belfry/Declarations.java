// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.JobDefinition.Planned;
import dev.belfry.store.Declaration;
import dev.belfry.store.Declaration.DeclaredSchedule;
import dev.belfry.store.Limit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What code says of jobs, in the words of the store. */
final class Declarations {
  private Declarations() {}

  static List<Declaration> of(Jobs jobs, Payloads payloads, Instant now) {
    var declarations = new ArrayList<Declaration>();
    for (JobDefinition<?, ?> job : jobs.all()) {
      declarations.add(
          new Declaration(
              job.name(),
              job.queue(),
              job.priority(),
              schedules(job, payloads, now),
              job.limits().stream().<Limit>map(RunLimit::limit).toList(),
              events(job, jobs.followedBy(job))));
    }
    return declarations;
  }

  /**
   * Returns what code says of the schedules of a job; those that begin to count, count from now.
   */
  static <I extends @Nullable Object> List<DeclaredSchedule> schedules(
      JobDefinition<I, ?> job, Payloads payloads, Instant now) {
    var schedules = new ArrayList<DeclaredSchedule>();
    for (Planned<I> planned : job.schedules()) {
      var input = payloads.input(job, planned.input());
      schedules.add(
          new DeclaredSchedule(
              planned.id(),
              planned.definition(),
              input,
              job.tags(),
              StoredSchedules.firstTick(planned.schedule(), now),
              Hashes.sha256(
                  job.name(), planned.definition(), input.toString(), job.tags().toString())));
    }
    return schedules;
  }

  private static Set<String> events(JobDefinition<?, ?> job, Set<String> followed) {
    return Stream.concat(
            job.subscriptions().stream().map(subscription -> subscription.type().name()),
            followed.stream().map(Declaration::endOf))
        .collect(Collectors.toSet());
  }
}
