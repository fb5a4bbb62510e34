// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc.whole;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.belfry.EnqueueOptions;
import dev.belfry.EventMatch;
import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.JobContext;
import dev.belfry.On;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerClient;
import dev.belfry.jdbc.JdbcJobStore;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.EventId;
import dev.belfry.run.Run;
import dev.belfry.run.RunId;
import dev.belfry.run.RunQuery;
import dev.belfry.run.Unique;
import dev.belfry.store.StoreException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * What a node does while it crashes: a little of everything, in jobs that do each part once however
 * often they are begun. Whoever asks for it repeats each call until it is answered, as clients do,
 * so the same may be asked for again by another process.
 */
final class CrashWork {
  static final String CHARGE = "charge";
  static final String RECEIPT = "receipt";
  static final String GREET = "greet";
  static final String PULSE = "pulse";
  static final Duration LEASE = Duration.ofMillis(600);
  static final int CHARGES = 2;

  private static final EventType<Integer> ARRIVED =
      EventType.of("arrived", Integer.class).keyedBy(Object::toString);
  private static final EventType<Integer> PAID =
      EventType.of("paid", Integer.class).keyedBy(Object::toString);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private CrashWork() {}

  static Scheduler start(String name, DataSource pool) {
    return answered(
        () ->
            Scheduler.builder()
                .name(name)
                .store(JdbcJobStore.using(pool))
                .lease(LEASE)
                .pollInterval(Duration.ofMillis(100))
                .workers(4)
                .register(charge(), receipt(), greet(), pulse())
                .start());
  }

  /** Two runs beside each other with all that a run can remember; one fails at first. */
  private static Job<Integer> charge() {
    return Job.named(CHARGE, Integer.class)
        .limitRuns(1, number -> "till")
        .retry(retry())
        .handler(CrashWork::charge);
  }

  private static void charge(JobContext ctx, int number) throws Exception {
    ctx.step("reserve", Integer.class, () -> number);
    ctx.sleep("breath", Duration.ofMillis(20));
    EventMatch<Integer> own =
        EventMatch.<Integer>key(Integer.toString(number)).since(Instant.EPOCH);
    if (ctx.waitForEvent("paid", PAID, own, PATIENCE).isEmpty()) { // it may come before the run
      throw new IllegalStateException("nobody has paid " + number);
    }
    ctx.transaction(
        "book",
        Connection.class,
        connection -> {
          try (PreparedStatement insert =
              connection.prepareStatement("insert into bookings (number) values (?)")) {
            insert.setInt(1, number);
            insert.executeUpdate();
          }
        });
    if (ctx.attempt() == 1 && number % CHARGES == 0) {
      throw new IOException("planned");
    }
  }

  private static Job<Integer> receipt() {
    return Job.named(RECEIPT, Integer.class)
        .after(charge())
        .on(On.SUCCESS)
        .retry(retry())
        .handler((ctx, number) -> {});
  }

  private static Job<Integer> greet() {
    return Job.named(GREET, Integer.class)
        .onEvent(ARRIVED)
        .retry(retry())
        .handler((ctx, number) -> {});
  }

  private static Job<Void> pulse() {
    return Job.named(PULSE).schedule(CampaignNode.EACH_SECOND).retry(retry()).handler(ctx -> {});
  }

  /** What happens to a node is not its runs' fault. */
  private static RetryPolicy retry() {
    return RetryPolicy.fixed(Duration.ofMillis(10)).withMaxAttempts(1_000);
  }

  /** Asks for the work of a case and waits until it and what follows it is done. */
  static void run(Scheduler scheduler, int number) {
    Job<Integer> charge = charge();
    var ids = new HashSet<RunId>();
    for (int i = 0; i < CHARGES; i++) {
      int input = number * CHARGES + i;
      EnqueueOptions once =
          EnqueueOptions.now().withUnique(Unique.within(Duration.ofDays(1), "charge " + input));
      ids.add(answered(() -> scheduler.enqueue(charge, input, once)).id());
      answered(() -> scheduler.send(PAID, input, event("paid " + input)));
    }
    EventId arrived = event("arrived " + number);
    answered(() -> scheduler.send(ARRIVED, number, arrived));
    for (RunId id : ids) {
      if (answered(() -> scheduler.handle(id).await(PATIENCE)).isEmpty()) {
        throw notDone(scheduler, id);
      }
    }
    Await.until(
        "what follows case " + number,
        PATIENCE,
        () ->
            answered(
                () ->
                    finished(scheduler, RECEIPT, ids) >= CHARGES
                        && finished(scheduler, GREET, Set.of(new RunId(arrived.value()))) >= 1));
  }

  private static long finished(Scheduler scheduler, String job, Set<RunId> origins) {
    return startedBy(scheduler, job, origins).stream()
        .filter(run -> run.status().isFinal())
        .count();
  }

  /** Returns the newest runs of a job that others, or an event, have started. */
  static List<Run> startedBy(SchedulerClient client, String job, Set<RunId> origins) {
    return client.runs(RunQuery.ofJob(job).limit(20)).items().stream()
        .filter(run -> run.trigger().origin().filter(origins::contains).isPresent())
        .toList();
  }

  /** Returns the id of an event, the same in each process. */
  static EventId event(String name) {
    return new EventId(UUID.nameUUIDFromBytes(name.getBytes(UTF_8)));
  }

  private static AssertionError notDone(Scheduler scheduler, RunId run) {
    return new AssertionError(run + " has not ended: " + scheduler.explain(run));
  }

  /** A call of the store. */
  private interface Call<T> {
    T make() throws InterruptedException;
  }

  /** Makes a call, again and again until the store has answered it. */
  private static <T> T answered(Call<T> call) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return call.make();
      } catch (StoreException e) {
        if (e.kind() == StoreException.Kind.PERMANENT || System.nanoTime() > end) {
          throw e;
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
