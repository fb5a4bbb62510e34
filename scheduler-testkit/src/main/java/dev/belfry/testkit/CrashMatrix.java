// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit;

import static java.util.Objects.requireNonNull;

import dev.belfry.run.Run;
import dev.belfry.run.RunQuery;
import dev.belfry.run.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Does a test again and again, and has its node die at another moment each time: before and after
 * each call of its store that does something, one after the other.
 *
 * <pre>{@code
 * CrashMatrix.of(
 *         t -> {
 *           var mails = new ArrayList<String>();
 *           t.register(onboarding(mails));
 *           t.send(USER_CREATED, user);
 *           t.advance(ofDays(5));
 *           assertThat(mails).contains("welcome", "tips");
 *         })
 *     .run();
 * }</pre>
 *
 * <p>The scenario is the whole test: it is given a scheduler of its own each time, makes all that
 * it works with anew, and asserts what must be so whatever has happened. The node dies as by {@code
 * kill -9}; another starts a minute later and takes over what it held when its lease is over, which
 * takes up to three hours: let as much time pass before you assert. What the scenario itself does,
 * such as {@code t.enqueue}, does not die.
 *
 * <p>After each time it is asserted besides that each job has as many runs in the same states as
 * without a crash, and that nothing is left of what had begun. One thread.
 */
public final class CrashMatrix {
  private static final Instant DEFAULT_START = Instant.parse("2026-01-01T00:00:00Z");
  private static final int MOST = 1_000;

  private final Scenario scenario;
  private final Instant start;
  private final StoreFactory stores;
  private final boolean endsMayDiffer;

  /** A test that may be done often. */
  @FunctionalInterface
  public interface Scenario {
    /**
     * Does the test.
     *
     * @param t has no job yet; it is closed by the caller
     */
    void run(TestScheduler t) throws Exception;
  }

  private CrashMatrix(
      Scenario scenario, Instant start, StoreFactory stores, boolean endsMayDiffer) {
    this.scenario = requireNonNull(scenario, "scenario");
    this.start = requireNonNull(start, "start");
    this.stores = requireNonNull(stores, "store");
    this.endsMayDiffer = endsMayDiffer;
  }

  /** Returns the matrix of a scenario that begins with the year 2026, on a store in memory. */
  public static CrashMatrix of(Scenario scenario) {
    return new CrashMatrix(scenario, DEFAULT_START, new StoreFactory.InMemory(), false);
  }

  /** Returns it with another first instant. */
  public CrashMatrix from(Instant newStart) {
    return new CrashMatrix(scenario, newStart, stores, endsMayDiffer);
  }

  /** Returns it on other stores; each must be empty. */
  public CrashMatrix on(StoreFactory newStores) {
    return new CrashMatrix(scenario, start, newStores, endsMayDiffer);
  }

  /**
   * Returns it without a look at the states of runs, for scenarios in which a crash may well decide
   * how a run ends: an attempt is the last one, or a step is begun at most once.
   */
  public CrashMatrix whereEndsMayDiffer() {
    return new CrashMatrix(scenario, start, stores, true);
  }

  /**
   * Does the scenario once undisturbed, and once for each moment.
   *
   * @return how many crashes there were
   * @throws AssertionError if it does not hold; the message says when the node died
   */
  public int run() {
    Seen undisturbed = attempt(0, List.of());
    for (int moment : undisturbed.moments()) {
      attempt(moment, undisturbed.ends());
    }
    return undisturbed.moments().size();
  }

  /**
   * What a scenario came to.
   *
   * @param ends the jobs and states of all runs, in order
   */
  private record Seen(List<Integer> moments, List<String> ends) {}

  private Seen attempt(int moment, List<String> expected) {
    TestScheduler t = TestScheduler.doomed(start, stores, moment);
    try {
      scenario.run(t);
      var seen = new Seen(t.doom().moments(), ends(t));
      if (moment > 0) {
        check(t, seen.ends(), expected);
      }
      return seen;
    } catch (Exception | Error failed) {
      throw new AssertionError(
          moment == 0
              ? "the scenario fails without a crash"
              : t.doom().isOver()
                  ? "the node died " + t.doom().words(moment) + "; there is:\n" + t.timeline()
                  : "the scenario is not the same each time: moment "
                      + moment
                      + ", at which the node was to die, has not come",
          failed);
    } finally {
      t.abandon();
      t.store().close();
    }
  }

  private void check(TestScheduler t, List<String> ends, List<String> expected) {
    if (!t.doom().isOver()) {
      throw new AssertionError("no crash");
    }
    if (!endsMayDiffer && !ends.equals(expected)) {
      throw new AssertionError("runs are " + ends + ", without a crash they are " + expected);
    }
    var left = new ArrayList<String>();
    t.store()
        .runs(RunQuery.all().in(Status.RUNNING).limit(MOST))
        .items()
        .forEach(run -> left.add("run " + run.run().id() + " is still RUNNING"));
    t.store().inbox(MOST).forEach(entry -> left.add("nobody was told of " + entry));
    if (!left.isEmpty()) {
      throw new AssertionError(String.join("; ", left));
    }
  }

  private static List<String> ends(TestScheduler t) {
    return t.store().runs(RunQuery.all().limit(MOST)).items().stream()
        .map(record -> record.run())
        .map(CrashMatrix::words)
        .sorted()
        .collect(Collectors.toList());
  }

  private static String words(Run run) {
    return run.job() + " " + run.status();
  }
}
