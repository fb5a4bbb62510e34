// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.schedules;

import dev.belfry.Job;
import dev.belfry.ScheduleSpec;
import dev.belfry.SchedulerClient;
import dev.belfry.benchmarks.Heap;
import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.run.Trigger;
import dev.belfry.schedule.Schedule;
import dev.belfry.store.Claimed;
import dev.belfry.store.Demand;
import dev.belfry.store.Due;
import dev.belfry.store.DueTicks;
import dev.belfry.store.Ending;
import dev.belfry.store.Firing;
import dev.belfry.store.JobStore;
import dev.belfry.store.NewRun;
import dev.belfry.store.NodeCard;
import dev.belfry.store.Outcome;
import dev.belfry.store.PassReport;
import dev.belfry.store.Payload;
import dev.belfry.store.Retention;
import dev.belfry.store.ScheduleRow;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Prints the bytes of a schedule in the in-memory store: registered, fired once, and when its run
 * has left the history. Counted is all that the store refers to, ids and texts included.
 *
 * <p>Takes the number of schedules; default: 1,000,000.
 */
final class ScheduleMemory {
  private static final Instant MIDNIGHT = Instant.parse("2026-03-02T00:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration LEASE = DAY.multipliedBy(9);
  private static final int BATCH = 1_000;
  private static final Job<@Nullable Void> CHECK = Job.named("check").handler(ctx -> {});
  private static final Job<Report> REPORT =
      Job.named("report", Report.class).handler((ctx, input) -> {});

  private final int count;
  private Instant now = MIDNIGHT;
  private final JobStore store = JobStore.inMemory(() -> now);
  private final SplittableRandom random = new SplittableRandom(1);

  private ScheduleMemory(int count) {
    this.count = count;
  }

  /** What a run of a job with input is for. */
  record Report(int customer) {}

  public static void main(String[] args) {
    int count = args.length == 0 ? 1_000_000 : Integer.parseInt(args[0]);
    measure(
        "short id, no input, one text for all",
        count,
        i -> ScheduleSpec.of("site-%07d".formatted(i), CHECK, at(180)));
    measure(
        "long id, own input, one of 1,440 texts",
        count,
        i ->
            ScheduleSpec.of(
                "report-for-customer-%07d".formatted(i), REPORT, at(i % 1_440), new Report(i)));
    measure(
        "long id, own input, own text",
        count,
        i ->
            ScheduleSpec.of(
                "report-for-customer-%07d".formatted(i),
                REPORT,
                Schedule.at(MIDNIGHT.plusSeconds(1 + i % 86_399).plusMillis(i / 1_000)),
                new Report(i)));
  }

  private static Schedule at(int minute) {
    return Schedule.daily(LocalTime.MIN.plusMinutes(minute));
  }

  private static void measure(
      String what, int count, IntFunction<? extends ScheduleSpec<?>> schedules) {
    System.out.printf("%n%,d schedules: %s%n", count, what);
    new ScheduleMemory(count).measure(schedules);
  }

  private void measure(IntFunction<? extends ScheduleSpec<?>> schedules) {
    Heap empty = Heap.walk();
    var client = SchedulerClient.of(store, CHECK, REPORT).schedules();
    for (int i = 0; i < count; i++) {
      client.create(schedules.apply(i));
    }
    Heap.walk().minus(empty).print("registered", count);
    now = MIDNIGHT.plus(DAY);
    fire();
    Heap.walk().minus(empty).print("fired once, the run pending", count);
    endAll();
    now = now.plus(DAY.multipliedBy(2));
    while (store.purge(new Retention(DAY, DAY), BATCH).more()) {}
    Heap.walk().minus(empty).print("fired once, the run deleted", count);
  }

  private void fire() {
    DueTicks due = look();
    while (!due.due().isEmpty()) {
      store.fire(due.due().stream().map(this::firing).toList());
      due = look();
    }
  }

  private DueTicks look() {
    return store.dueTicks(Set.of("check", "report"), Set.of(), BATCH);
  }

  private Firing firing(ScheduleRow row) {
    Instant tick = row.nextAt().orElseThrow();
    NewRun run =
        NewRun.of(RunId.of(now.toEpochMilli(), 0, random.nextLong()), row.job(), row.input())
            .withDue(new Due.At(tick))
            .withTrigger(Trigger.schedule(row.id(), tick));
    return new Firing(
        row.id(),
        row.version(),
        tick,
        row.lastRun(),
        new Firing.Start(run),
        Optional.of(tick.plus(DAY)),
        Optional.empty());
  }

  private void endAll() {
    NodeId node = store.join(new NodeCard("node", "benchmark", Set.of()), LEASE);
    var all =
        new Demand(
            store.catalog().lanes().stream()
                .map(lane -> new Demand.Quota(lane.id(), BATCH))
                .toList(),
            BATCH);
    List<Claimed> claimed = store.exchange(node, List.of(), List.of(all)).claimed();
    while (!claimed.isEmpty()) {
      var outcomes = claimed.stream().map(ScheduleMemory::completed).toList();
      claimed = store.exchange(node, outcomes, List.of(all)).claimed();
    }
    store.leave(node);
  }

  private static Outcome completed(Claimed run) {
    var nothing = Payload.of(run.input().codec(), new byte[0]);
    return new Outcome(
        run.id(), run.fence(), new Ending.Completed(nothing), PassReport.NOT_STARTED);
  }
}
