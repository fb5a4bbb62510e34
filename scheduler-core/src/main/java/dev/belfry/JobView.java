// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.retry.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A job, as the code of a node says it, for people.
 *
 * @param job the job, to enqueue it
 * @param name its name
 * @param title what people call it; the name, unless the code says something else
 * @param description what it does; empty if the code does not say
 * @param tags labels of its runs
 * @param formerly its former names
 * @param queue where its runs wait
 * @param priority -4 to 4, higher first
 * @param input the type of its input, as Java writes it
 * @param result the type of its result, as Java writes it
 * @param schedules the ids of the schedules that the code gives
 * @param events the names of the events that start it
 * @param follows the names of the jobs whose ends start it
 * @param retry what becomes of failed attempts
 * @param timeout how long a pass may take
 * @param startWithin how long after it is due a run may start
 * @param finishWithin how long after it is due a run may end
 * @param limits what its runs meet together, each in words
 * @param alerts its alert rules, each in words
 */
public record JobView(
    Job<?> job,
    String name,
    String title,
    String description,
    List<String> tags,
    Set<String> formerly,
    String queue,
    int priority,
    String input,
    String result,
    List<String> schedules,
    List<String> events,
    List<String> follows,
    RetryPolicy retry,
    Optional<Duration> timeout,
    Optional<Duration> startWithin,
    Optional<Duration> finishWithin,
    List<String> limits,
    List<String> alerts) {
  static JobView of(JobDefinition<?, ?> job, List<AlertRule> alerts) {
    return new JobView(
        job,
        job.name(),
        job.title(),
        job.description(),
        job.tags(),
        job.formerly(),
        job.queue(),
        job.priority(),
        job.input().toString(),
        job.result().toString(),
        job.schedules().stream().map(JobDefinition.Planned::id).toList(),
        job.subscriptions().stream().map(each -> each.type().name()).toList(),
        job.dependencies().followed(Set.of()).stream().sorted().toList(),
        job.retry(),
        job.timeout(),
        job.startWithin(),
        job.finishWithin(),
        job.limits().stream().map(LimitWords::of).toList(),
        alerts.stream().map(AlertRule::toString).toList());
  }

  /** Returns the name and the former names. */
  public List<String> names() {
    return Stream.concat(Stream.of(name), formerly.stream().sorted()).toList();
  }
}
