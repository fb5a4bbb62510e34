// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import dev.belfry.run.EventId;
import dev.belfry.run.Pass;
import dev.belfry.run.Run;
import dev.belfry.run.RunId;
import dev.belfry.run.RunQuery;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import dev.belfry.run.Trigger;
import dev.belfry.store.Firing;
import dev.belfry.store.JobStore;
import dev.belfry.store.Rollup;
import dev.belfry.store.RollupQuery;
import dev.belfry.store.RunRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Checks, when all has ended, what the store says against what was wanted (I1, I5, I10, I11). */
final class EndCheck {
  private static final String REFUSED = "the store refused the outcome of this pass";

  private final World world;
  private final JobStore store;
  private final Findings findings;
  private final Map<RunId, Run> runs = new LinkedHashMap<>();

  EndCheck(World world) {
    this.world = world;
    this.store = world.model().memory();
    this.findings = world.findings();
  }

  void check() {
    var query = RunQuery.all().limit(1_000);
    for (RunRecord record : store.runs(query).items()) {
      runs.put(record.run().id(), record.run());
    }
    runs.values().forEach(run -> checkHistory(run, store.passes(run.id())));
    world.orders().all().forEach(this::checkOrder);
    SimulatedJobs.TICKING.forEach(this::checkTicks);
    checkEvents();
    checkFollowers();
    checkChildren();
    checkGroups();
    checkRollups();
  }

  private void checkHistory(Run run, List<Pass> passes) {
    String words = run.job() + " " + run.id() + " is " + run.state() + ", passes " + words(passes);
    List<Pass> ends = passes.stream().filter(pass -> pass.event().isFinal()).toList();
    findings.check(ends.size() == 1, Invariant.ONE_END, words);
    if (ends.size() != 1) {
      return;
    }
    Pass last = passes.get(passes.size() - 1);
    findings.check(last.event().isFinal(), Invariant.ONE_END, words);
    findings.check(
        last.event().name().equals(run.status().name()), Invariant.HISTORY_AGREES, words);
    for (int i = 1; i < passes.size(); i++) {
      findings.check(
          passes.get(i).fence() > passes.get(i - 1).fence(), Invariant.FENCE_GROWS, words);
    }
  }

  private static String words(List<Pass> passes) {
    return passes.stream()
        .map(pass -> pass.event() + " (fence " + pass.fence() + ", #" + pass.attempt() + ")")
        .toList()
        .toString();
  }

  private void checkOrder(Order order) {
    if (order.acknowledged().isEmpty()) {
      return;
    }
    Run run = runs.get(order.acknowledged().get());
    if (run == null) {
      findings.add(Invariant.NOTHING_LOST, order.key() + " was acknowledged and is not there");
      return;
    }
    List<Pass> passes = store.passes(run.id());
    Pass last = passes.get(passes.size() - 1);
    boolean usedUp = last.attempt() >= SimulatedJobs.MOST_ATTEMPTS;
    boolean refused =
        run.state() instanceof RunState.Failed failed && failed.failure().message().equals(REFUSED);
    boolean asPlanned =
        switch (run.status()) {
          case COMPLETED -> true; // RESULT_OF_A_BODY has seen to it
          case CANCELLED -> order.isCancelled();
          case TIMED_OUT -> order.job().equals(SimulatedJobs.TIMED) && usedUp;
          case FAILED -> refused ? order.plan() == Order.Plan.BE_REFUSED : usedUp || mayFail(run);
          default -> false;
        };
    findings.check(
        asPlanned,
        Invariant.ENDS_AS_PLANNED,
        order.job() + " " + order.plan() + " " + run + ", passes " + words(passes));
    if (run.status() == Status.TIMED_OUT) {
      world.tally().count(Sign.RUN_TIMED_OUT);
    } else if (run.status() == Status.FAILED) {
      world.tally().count(Sign.RUN_FAILED);
    } else if (run.status() == Status.CANCELLED) {
      world.tally().count(Sign.RUN_CANCELLED);
    }
  }

  /**
   * Returns whether a function may fail before its attempts are used up: its node died in a step
   * that is called at most once, or the run that it asked has failed.
   */
  private boolean mayFail(Run run) {
    boolean unclear =
        run.state() instanceof RunState.Failed failed
            && failed.failure().message().contains("once");
    boolean answered =
        of(SimulatedJobs.CHILD).stream()
            .filter(child -> child.trigger().origin().equals(Optional.of(run.id())))
            .noneMatch(child -> child.status() == Status.FAILED);
    return run.job().equals(SimulatedJobs.FUNCTION) && (unclear || !answered);
  }

  private void checkTicks(String id) {
    List<Run> ofSchedule =
        runs.values().stream()
            .filter(run -> run.trigger().schedule().equals(Optional.of(id)))
            .toList();
    List<String> missed =
        ofSchedule.stream()
            .filter(run -> run.state() instanceof RunState.Skipped)
            .map(run -> ((RunState.Skipped) run.state()).reason())
            .toList();
    var started = new ArrayList<Instant>();
    for (Run run : ofSchedule) {
      if (run.status() != Status.SKIPPED) {
        run.trigger().nominal().ifPresent(started::add);
      }
    }
    findings.check(
        started.stream().distinct().count() == started.size(),
        Invariant.ONE_RUN_FOR_A_TICK,
        id + ": " + started);
    for (Instant tick : world.model().watch().ticks().owed(id)) {
      boolean excused =
          !SimulatedJobs.EACH_TICK.contains(id)
              && missed.stream().anyMatch(detail -> Firing.Missed.covers(detail, tick));
      findings.check(
          started.contains(tick) || excused,
          Invariant.NO_TICK_LOST,
          "tick "
              + tick
              + " of "
              + id
              + " has neither run nor record; runs "
              + started
              + ", missed "
              + missed);
    }
  }

  private void checkEvents() {
    Map<EventId, Long> started =
        of(SimulatedJobs.SUBSCRIBER).stream()
            .flatMap(run -> run.trigger().event().stream())
            .collect(Collectors.groupingBy(id -> id, Collectors.counting()));
    started.forEach(
        (id, count) ->
            findings.check(
                count == 1,
                Invariant.NOTHING_TWICE,
                "event " + id + " has started " + count + " runs"));
    for (EventId id : world.users().sent()) {
      findings.check(
          started.containsKey(id), Invariant.NOTHING_LOST, "event " + id + " has started no run");
    }
  }

  private void checkFollowers() {
    Map<RunId, Long> followers =
        of(SimulatedJobs.FOLLOW).stream()
            .flatMap(run -> run.trigger().origin().stream())
            .collect(Collectors.groupingBy(id -> id, Collectors.counting()));
    for (Run run : of(SimulatedJobs.PLAIN)) {
      long expected = run.status() == Status.COMPLETED ? 1 : 0;
      findings.check(
          followers.getOrDefault(run.id(), 0L) == expected,
          expected == 0 ? Invariant.NOTHING_TWICE : Invariant.NOTHING_LOST,
          run + " is followed by " + followers.getOrDefault(run.id(), 0L) + " runs");
    }
  }

  private void checkChildren() {
    Map<RunId, Long> children =
        of(SimulatedJobs.CHILD).stream()
            .flatMap(run -> run.trigger().origin().stream())
            .collect(Collectors.groupingBy(id -> id, Collectors.counting()));
    children.forEach(
        (parent, count) ->
            findings.check(
                count == 1, Invariant.NOTHING_TWICE, parent + " has asked " + count + " runs"));
  }

  private void checkGroups() {
    for (RunId group : world.users().groups()) {
      Run then = runs.get(group);
      findings.check(
          then != null && then.status().isFinal(),
          Invariant.NOTHING_LOST,
          "group " + group + " is followed by " + then);
    }
    for (Run member : of(SimulatedJobs.MEMBER)) {
      Optional<RunId> group = member.trigger().origin();
      findings.check(
          member.trigger().kind() == Trigger.Kind.GROUP
              && group.map(runs::containsKey).orElse(false),
          Invariant.NOTHING_LOST,
          "nothing has followed the group of " + member);
    }
  }

  private List<Run> of(String job) {
    return runs.values().stream().filter(run -> run.job().equals(job)).toList();
  }

  private void checkRollups() {
    Instant from = World.START.minus(Duration.ofDays(1));
    Map<String, List<Run>> byJob =
        runs.values().stream()
            .collect(Collectors.groupingBy(Run::job, LinkedHashMap::new, Collectors.toList()));
    byJob.forEach(
        (job, all) -> {
          List<Rollup> rollups =
              store.rollups(
                  RollupQuery.of(List.of(job), from, World.START.plus(Duration.ofDays(1))));
          findings.check(
              rollups.stream().mapToLong(Rollup::completed).sum() == count(all, Status.COMPLETED)
                  && rollups.stream().mapToLong(Rollup::failed).sum() == count(all, Status.FAILED)
                  && rollups.stream().mapToLong(Rollup::cancelled).sum()
                      == count(all, Status.CANCELLED),
              Invariant.HISTORY_AGREES,
              "statistics of "
                  + job
                  + " are "
                  + rollups
                  + ", runs "
                  + all.stream().map(Run::status).toList());
        });
  }

  private static long count(List<Run> runs, Status status) {
    return runs.stream().filter(run -> run.status() == status).count();
  }
}
