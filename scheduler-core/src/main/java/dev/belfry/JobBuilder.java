// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import static java.util.Objects.requireNonNull;

import dev.belfry.JobDefinition.Planned;
import dev.belfry.JobDefinition.Subscription;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.OnActive;
import dev.belfry.run.RunEnd;
import dev.belfry.run.TypeRef;
import dev.belfry.schedule.Schedule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Collects what a job is. */
final class JobBuilder<I extends @Nullable Object> implements Job.Builder<I> {
  @SuppressWarnings("NullAway") // the only value of Void is null
  static final TypeRef<@Nullable Void> VOID = TypeRef.of(Void.class);

  private final String name;
  private final TypeRef<I> input;
  private final List<String> tags = new ArrayList<>();
  private final Set<String> formerly = new LinkedHashSet<>();
  private final List<Planned<I>> schedules = new ArrayList<>();
  private final List<Subscription<I, ?>> subscriptions = new ArrayList<>();
  private String title;
  private String description = "";
  private String queue = "default";
  private int priority;
  private RetryPolicy retry = RetryPolicy.defaults();
  private Optional<Duration> timeout = Optional.empty();
  private Optional<Duration> startWithin = Optional.empty();
  private Optional<Duration> finishWithin = Optional.empty();
  private final JobLimits<I> limits;
  private final List<CancelRule<I>> cancelOn = new ArrayList<>();
  private Dependencies<I> dependencies = Dependencies.none();
  private final List<AlertRule> alerts = new ArrayList<>();

  JobBuilder(String name, TypeRef<I> input) {
    this.name = Names.check("job name", name);
    this.title = name;
    this.limits = new JobLimits<>(this.name);
    this.input = requireNonNull(input, "input");
  }

  @Override
  public Job.Builder<I> title(String title) {
    this.title = requireNonNull(title, "title");
    return this;
  }

  @Override
  public Job.Builder<I> description(String description) {
    this.description = requireNonNull(description, "description");
    return this;
  }

  @Override
  public Job.Builder<I> tags(String... tags) {
    for (String tag : tags) {
      this.tags.add(Names.checkTag(tag));
    }
    return this;
  }

  @Override
  public Job.Builder<I> formerly(String name) {
    formerly.add(Names.check("former job name", name));
    return this;
  }

  @Override
  public Job.Builder<I> queue(String queue) {
    this.queue = Names.check("queue name", queue);
    return this;
  }

  @Override
  public Job.Builder<I> priority(int priority) {
    this.priority = checkPriority(priority);
    return this;
  }

  static int checkPriority(int priority) {
    if (priority < -4 || priority > 4) {
      throw new IllegalArgumentException("priority must be -4 to 4, was " + priority);
    }
    return priority;
  }

  @Override
  @SuppressWarnings({"unchecked", "NullAway"}) // the input of a Job<Void> is null
  public Job.Builder<I> schedule(Schedule schedule) {
    if (!input.type().equals(Void.class)) {
      throw new IllegalArgumentException(
          "job \""
              + name
              + "\" takes "
              + input.type().getTypeName()
              + ": use schedule(schedule, input), so that its scheduled runs have one");
    }
    return schedule(name, schedule, (I) null);
  }

  @Override
  public Job.Builder<I> schedule(Schedule schedule, I input) {
    return schedule(name, schedule, input);
  }

  @Override
  public Job.Builder<I> schedule(String id, Schedule schedule, I input) {
    schedules.add(
        new Planned<>(Names.check("schedule id", id), requireNonNull(schedule, "schedule"), input));
    return this;
  }

  @Override
  @SuppressWarnings("unchecked") // the data are read only
  public Job.Builder<I> onEvent(EventType<? extends I> type) {
    return subscribe(new Subscription<I, I>((EventType<I>) type, any -> true, data -> data, true));
  }

  @Override
  public <E> Job.Builder<I> onEvent(EventType<E> type, Function<? super E, ? extends I> mapping) {
    return onEvent(type, any -> true, mapping);
  }

  @Override
  public <E> Job.Builder<I> onEvent(
      EventType<E> type, Predicate<? super E> filter, Function<? super E, ? extends I> mapping) {
    requireNonNull(filter, "filter");
    requireNonNull(mapping, "mapping");
    return subscribe(new Subscription<>(type, filter, mapping, false));
  }

  private Job.Builder<I> subscribe(Subscription<I, ?> subscription) {
    String event = subscription.type().name();
    if (subscriptions.stream().anyMatch(other -> other.type().name().equals(event))) {
      throw new IllegalArgumentException(
          "job \"" + name + "\" subscribes to event \"" + event + "\" twice");
    }
    subscriptions.add(subscription);
    return this;
  }

  @Override
  public Job.Builder<I> retry(RetryPolicy policy) {
    this.retry = requireNonNull(policy, "policy");
    return this;
  }

  @Override
  public Job.Builder<I> timeout(Duration ofOnePass) {
    if (ofOnePass.isNegative() || ofOnePass.isZero()) {
      throw new IllegalArgumentException("timeout must be positive, was " + ofOnePass);
    }
    this.timeout = Optional.of(ofOnePass);
    return this;
  }

  // What comes before and after

  @Override
  @SuppressWarnings("unchecked") // the input is handed on as it is
  public Job.After<I> after(Job<? extends I> parent) {
    JobDefinition<I, ?> before = JobDefinition.of((Job<I>) parent);
    return after(before, List.of(), Dependencies.asItIs());
  }

  @Override
  public <P extends @Nullable Object> Job.After<I> after(
      Job<P> parent, Function<? super P, ? extends I> mapping) {
    JobDefinition<P, ?> before = JobDefinition.of(parent);
    return after(before, List.of(before.input()), Dependencies.ofInput(before, mapping));
  }

  @Override
  public <P extends @Nullable Object, R extends @Nullable Object> Job.After<I> after(
      ResultJob<P, R> parent, BiFunction<? super P, ? super Optional<R>, ? extends I> mapping) {
    JobDefinition<P, R> before = JobDefinition.of(parent);
    return after(
        before, List.of(before.input(), before.result()), Dependencies.ofResult(before, mapping));
  }

  private Job.After<I> after(
      JobDefinition<?, ?> parent, List<TypeRef<?>> types, Dependencies.Mapping<I> mapping) {
    return on -> {
      requireNonNull(on, "on");
      dependencies =
          dependencies.with(name, new Dependencies.Follow<>(parent.names(), on, types, mapping));
      return this;
    };
  }

  @Override
  public Job.Builder<I> onlyIf(Predicate<? super I> condition) {
    dependencies = dependencies.onlyIf(name, condition);
    return this;
  }

  @Override
  public Job.Builder<I> onSuccess(InputBody<? super RunEnd> body) {
    return hook(new Dependencies.Hook("onSuccess", On.SUCCESS, body));
  }

  @Override
  public Job.Builder<I> onFailure(InputBody<? super RunEnd> body) {
    return hook(new Dependencies.Hook("onFailure", On.FAILURE, body));
  }

  @Override
  public Job.Builder<I> onEnd(InputBody<? super RunEnd> body) {
    return hook(new Dependencies.Hook("onEnd", On.ALWAYS, body));
  }

  private Job.Builder<I> hook(Dependencies.Hook hook) {
    dependencies = dependencies.with(name, hook);
    return this;
  }

  @Override
  public Job.Builder<I> alert(AlertRule... rules) {
    for (AlertRule rule : rules) {
      if (rule.isOfAll()) {
        throw new IllegalArgumentException(
            "alert rule " + rule.name() + " is about no one job; give it to the scheduler");
      }
      if (alerts.stream().anyMatch(other -> other.name().equals(rule.name()))) {
        throw new IllegalArgumentException(
            "job \"" + name + "\" has the alert rule " + rule.name() + " twice");
      }
      alerts.add(rule);
    }
    return this;
  }

  @Override
  public Job.Builder<I> startWithin(Duration ofItsDueTime) {
    if (ofItsDueTime.isNegative() || ofItsDueTime.isZero()) {
      throw new IllegalArgumentException("startWithin must be positive, was " + ofItsDueTime);
    }
    this.startWithin = Optional.of(ofItsDueTime);
    return this;
  }

  @Override
  public Job.Builder<I> finishWithin(Duration ofItsDueTime) {
    this.finishWithin = Optional.of(FinishLimit.check(ofItsDueTime));
    return this;
  }

  @Override
  public Job.Builder<I> cancelOn(EventType<?> type) {
    return cancelOn(type, Optional.empty());
  }

  @Override
  public Job.Builder<I> cancelOn(EventType<?> type, Function<? super I, String> key) {
    if (!type.isKeyed()) {
      throw new IllegalArgumentException(
          "event \""
              + type.name()
              + "\" has no key by which it could cancel runs of job \""
              + name
              + "\": give the type one with keyedBy, or leave the key out here");
    }
    return cancelOn(type, Optional.of(requireNonNull(key, "key")));
  }

  private Job.Builder<I> cancelOn(EventType<?> type, Optional<Function<? super I, String>> key) {
    if (cancelOn.stream().anyMatch(rule -> rule.event().equals(type.name()))) {
      throw new IllegalArgumentException(
          "event \"" + type.name() + "\" cancels runs of job \"" + name + "\" twice");
    }
    cancelOn.add(new CancelRule<>(type.name(), key));
    return this;
  }

  @Override
  public Job.Builder<I> limitRuns(int atOnce) {
    limits.slots(RunLimit.ofJob(name), atOnce, Optional.empty());
    return this;
  }

  @Override
  public Job.Builder<I> limitRuns(int atOnce, Function<? super I, String> key) {
    limits.slots(RunLimit.ofJob(name), atOnce, JobLimits.keyed(key));
    return this;
  }

  @Override
  public Job.Builder<I> limitRuns(String shared, int atOnce) {
    limits.slots(RunLimit.shared(shared), atOnce, Optional.empty());
    return this;
  }

  @Override
  public Job.Builder<I> limitRuns(String shared, int atOnce, Function<? super I, String> key) {
    limits.slots(RunLimit.shared(shared), atOnce, JobLimits.keyed(key));
    return this;
  }

  @Override
  public Job.Builder<I> inOrder(Function<? super I, String> key) {
    limits.order(key);
    return this;
  }

  @Override
  public Job.Builder<I> throttle(int starts, Duration per) {
    limits.throttle(starts, per, Optional.empty());
    return this;
  }

  @Override
  public Job.Builder<I> throttle(int starts, Duration per, Function<? super I, String> key) {
    limits.throttle(starts, per, JobLimits.keyed(key));
    return this;
  }

  @Override
  public Job.Builder<I> rateLimit(int starts, Duration per) {
    limits.rate(starts, per, Optional.empty());
    return this;
  }

  @Override
  public Job.Builder<I> rateLimit(int starts, Duration per, Function<? super I, String> key) {
    limits.rate(starts, per, JobLimits.keyed(key));
    return this;
  }

  @Override
  public Job.Builder<I> singleton(OnActive onActive) {
    limits.singleton(onActive, Optional.empty());
    return this;
  }

  @Override
  public Job.Builder<I> singleton(OnActive onActive, Function<? super I, String> key) {
    limits.singleton(onActive, JobLimits.keyed(key));
    return this;
  }

  @Override
  public Job.Builder<I> debounce(Duration quiet) {
    limits.debounce(quiet, Optional.empty(), Optional.empty());
    return this;
  }

  @Override
  public Job.Builder<I> debounce(Duration quiet, Function<? super I, String> key) {
    limits.debounce(quiet, Optional.empty(), JobLimits.keyed(key));
    return this;
  }

  @Override
  public Job.Builder<I> debounce(Duration quiet, Duration max) {
    limits.debounce(quiet, Optional.of(max), Optional.empty());
    return this;
  }

  @Override
  public Job.Builder<I> debounce(Duration quiet, Duration max, Function<? super I, String> key) {
    limits.debounce(quiet, Optional.of(max), JobLimits.keyed(key));
    return this;
  }

  @Override
  public Job<I> handler(ContextBody body) {
    requireNonNull(body, "body");
    return handler((ctx, input) -> body.run(ctx));
  }

  @Override
  public Job<I> handler(InputBody<? super I> body) {
    requireNonNull(body, "body");
    return this.<@Nullable Void>finish(
        VOID,
        new JobDefinition.Single<>(
            (ctx, input) -> {
              body.run(ctx, input);
              return null;
            }));
  }

  @Override
  public <O extends @Nullable Object> ResultJob<I, O> returning(
      Class<O> result, InputCall<? super I, ? extends O> body) {
    return returning(TypeRef.of(result), body);
  }

  @Override
  public <O extends @Nullable Object> ResultJob<I, O> returning(
      TypeRef<O> result, InputCall<? super I, ? extends O> body) {
    return finish(result, new JobDefinition.Single<>(requireNonNull(body, "body")));
  }

  @Override
  public Job<I> batch(int maxSize, Duration maxWait, BatchBody<I> body) {
    return batch(maxSize, maxWait, Optional.empty(), body);
  }

  @Override
  public Job<I> batch(
      int maxSize, Duration maxWait, Function<? super I, String> key, BatchBody<I> body) {
    return batch(maxSize, maxWait, Optional.of(requireNonNull(key, "key")), body);
  }

  private Job<I> batch(
      int maxSize, Duration maxWait, Optional<Function<? super I, String>> key, BatchBody<I> body) {
    limits.batch(maxSize, maxWait, key);
    return finish(VOID, new JobDefinition.Batched<>(requireNonNull(body, "body")));
  }

  private <O extends @Nullable Object> JobDefinition<I, O> finish(
      TypeRef<O> result, JobDefinition.Body<I, O> body) {
    var ids = new HashSet<String>();
    for (Planned<I> planned : schedules) {
      if (!ids.add(planned.id())) {
        throw new IllegalArgumentException(
            "job \""
                + name
                + "\" has two schedules with the id \""
                + planned.id()
                + "\"; give each its own: schedule(id, schedule, input)");
      }
    }
    if (formerly.contains(name)) {
      throw new IllegalArgumentException("job \"" + name + "\" can't be formerly itself");
    }
    return new JobDefinition<>(
        name,
        title,
        description,
        List.copyOf(tags),
        Set.copyOf(formerly),
        queue,
        priority,
        input,
        result,
        List.copyOf(schedules),
        List.copyOf(subscriptions),
        retry,
        timeout,
        startWithin,
        finishWithin,
        limits.checked(),
        List.copyOf(cancelOn),
        dependencies,
        List.copyOf(alerts),
        body);
  }
}
