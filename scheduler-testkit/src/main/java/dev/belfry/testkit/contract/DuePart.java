// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.store.Amendment;
import dev.belfry.store.Delivery;
import dev.belfry.store.Firing;
import dev.belfry.store.JobStore;
import dev.belfry.store.ScheduleRow;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which schedules are due, and which is the next, whatever happened to them before. */
abstract class DuePart extends ScheduleWords {
  private static final Instant LATER = START.plus(MINUTE);

  DuePart(Function<? super InstantSource, ? extends JobStore> opener) {
    super(opener);
  }

  @Test
  void dueTicks_areTheEarliestFirst() {
    Instant soon = START.plusSeconds(5);
    Instant later = START.plusSeconds(9);
    amend(create("late", START.minusSeconds(1)));
    amend(create("early", START.minusSeconds(2)));
    amend(create("later", later));
    amend(create("soon", soon));

    var ticks = dueTicks();

    assertThat(ticks.now()).isEqualTo(START);
    assertThat(ticks.due()).extracting(ScheduleRow::id).containsExactly("early", "late");
    assertThat(ticks.next()).contains(soon);
    var limited = store.dueTicks(Set.of(JOB), Set.of(), 1);
    assertThat(limited.due()).extracting(ScheduleRow::id).containsExactly("early");
    assertThat(limited.next()).contains(soon);
  }

  @Test
  void dueTicks_areOfTheJobsAskedFor() {
    created();

    assertThat(store.dueTicks(Set.of("other"), Set.of(ID), 10).due()).isEmpty();
    assertThat(store.dueTicks(Set.of(), Set.of(ID), 10).due()).isEmpty();
    assertThat(store.dueTicks(Set.of("other", JOB), Set.of(), 10).due()).hasSize(1);
  }

  @Test
  void dueTicks_ofOneTime_areInOrderOfId() {
    for (String id : List.of("c", "a", "d", "b")) {
      amend(create(id, START));
    }

    assertThat(due()).containsExactly("a", "b", "c", "d");
  }

  @Test
  void dueTicks_areTheEarliestOfAllJobs() {
    String other = "other";
    amend(create("b", START.minusSeconds(3)));
    amend(create("d", START.minusSeconds(1)));
    amend(create("a", other, START.minusSeconds(4)));
    amend(create("c", other, START.minusSeconds(2)));
    amend(create("later", LATER));
    amend(create("soon", other, START.plusSeconds(5)));

    var three = store.dueTicks(Set.of(JOB, other), Set.of(), 3);
    var all = store.dueTicks(Set.of(JOB, other), Set.of(), 9);

    assertThat(three.due()).extracting(ScheduleRow::id).containsExactly("a", "b", "c");
    assertThat(three.next()).contains(START.plusSeconds(5));
    assertThat(all.due()).extracting(ScheduleRow::id).containsExactly("a", "b", "c", "d");
  }

  @Test
  void dueTicks_thatOthersMustFire_takeNoPlace() {
    amend(create("unknown-job", "other", START.minusSeconds(2)));
    amend(create("soon-but-unknown", "other", START.plusSeconds(1)));
    declare(JOB, declared("every PT1M", START.minusSeconds(1)));
    amend(create("known", START));
    amend(create("later", LATER));

    var ticks = store.dueTicks(Set.of(JOB), Set.of(), 1);

    assertThat(ticks.due()).extracting(ScheduleRow::id).containsExactly("known");
    assertThat(ticks.next()).contains(LATER);
  }

  @Test
  void dueTicks_ofMany_areEachFiredOnceInOrder() {
    int count = 1_300;
    List<String> ids = IntStream.range(0, count).mapToObj("s-%04d"::formatted).toList();
    store.amend(
        IntStream.range(0, count)
            .mapToObj(i -> ids.get(i * 803 % count)) // each of them once, far from the one before
            .map(id -> create(id, tickOf(id)))
            .map(Amendment.class::cast)
            .toList());
    clock.set(tickOf("s-%04d".formatted(count)));

    var seen = new ArrayList<String>();
    List<ScheduleRow> rows = store.dueTicks(Set.of(JOB), Set.of(), 200).due();
    while (!rows.isEmpty()) {
      rows.forEach(row -> seen.add(row.id()));
      store.fire(
          rows.stream()
              .map(row -> firing(row, new Firing.Skip(), clock.instant().plus(MINUTE)))
              .toList());
      rows = store.dueTicks(Set.of(JOB), Set.of(), 200).due();
    }

    assertThat(seen).isEqualTo(ids);
    assertThat(dueTicks().next()).contains(clock.instant().plus(MINUTE));
  }

  /** Returns a time in the order of ids, the same for every three of them. */
  private static Instant tickOf(String id) {
    return START.plusSeconds(Integer.parseInt(id.substring(2)) / 3);
  }

  @Test
  void change_movesADueTick() {
    created();

    amend(new Amendment.ChangeSchedule(ID, "every PT2M", Optional.of(LATER)));
    assertThat(due()).isEmpty();
    assertThat(dueTicks().next()).contains(LATER);

    amend(new Amendment.ChangeSchedule(ID, "every PT1M", Optional.of(START)));
    assertThat(due()).containsExactly(ID);
    assertThat(dueTicks().next()).isEmpty();
  }

  @Test
  void change_toNoTick_leavesNone() {
    created();

    amend(new Amendment.ChangeSchedule(ID, "at", Optional.empty()));

    assertThat(due()).isEmpty();
    assertThat(dueTicks().next()).isEmpty();
  }

  @Test
  void changeWhilePaused_countsFromTheResume() {
    created();
    amend(new Amendment.PauseSchedule(ID, true));
    amend(new Amendment.ChangeSchedule(ID, "every PT2M", Optional.of(LATER)));
    assertThat(dueTicks().next()).isEmpty();

    amend(new Amendment.PauseSchedule(ID, false));

    assertThat(due()).isEmpty();
    assertThat(dueTicks().next()).contains(LATER);
  }

  @Test
  void changeWhileParked_makesItDueAgain() {
    created();
    parked(fired(), false);

    amend(new Amendment.ChangeSchedule(ID, "every PT2M", Optional.of(LATER)));

    assertThat(due()).containsExactly(ID);
  }

  @Test
  void pauseWhileParked_keepsItFromFiringAlsoAfterTheRun() {
    created();
    RunId run = fired();
    parked(run, false);
    amend(new Amendment.PauseSchedule(ID, true));

    unpark(run);
    assertThat(due()).isEmpty();

    amend(new Amendment.PauseSchedule(ID, false));
    assertThat(due()).containsExactly(ID);
  }

  private void unpark(RunId run) {
    deliver(new Delivery.Unpark(ID, run));
  }

  /** Ends the one run that is ready and delivers its end. */
  private void deliver(Delivery.Effect effect) {
    NodeId node = join();
    end(node, claimOne(node), done());
    store.deliver(List.of(new Delivery(store.inbox(1).get(0).id(), List.of(effect))));
  }

  @Test
  void nextTick_isDueInItsTime() {
    created();
    var start = new Firing.Start(runOf(START).withWatched(true));
    fire(firing(row(), start, Optional.empty(), Optional.empty()));
    assertThat(dueTicks().next()).isEmpty();

    deliver(new Delivery.NextTick(ID, start.run().id(), LATER));

    assertThat(due()).isEmpty();
    assertThat(dueTicks().next()).contains(LATER);
    clock.set(LATER);
    assertThat(due()).containsExactly(ID);
  }

  @Test
  void trigger_leavesADueTickDue() {
    created();

    amend(new Amendment.TriggerSchedule(ID, runByHand(), Optional.empty()));

    assertThat(due()).containsExactly(ID);
  }

  @Test
  void deleteAndCreate_leaveTheNewTickOnly() {
    created();
    amend(new Amendment.DeleteSchedule(ID));

    amend(create(ID, LATER));

    assertThat(due()).isEmpty();
    assertThat(dueTicks().next()).contains(LATER);
    amend(new Amendment.DeleteSchedule(ID));
    assertThat(dueTicks().next()).isEmpty();
  }

  @Test
  void declareAnew_movesADueTick() {
    declare(JOB, declared("every PT1M", START));

    declare(JOB, declared("every PT2M", LATER));

    assertThat(due()).isEmpty();
    assertThat(dueTicks().next()).contains(LATER);
  }

  @Test
  void declareAnew_mayMoveTheTickToAnotherJob() {
    declare(JOB, declared("every PT1M", START));

    declare("other", declared("every PT2M", START));

    assertThat(due()).isEmpty();
    assertThat(store.dueTicks(Set.of("other"), Set.of(ID), 10).due()).hasSize(1);
  }

  @Test
  void declareAnew_makesAPausedTickDue() {
    declare(JOB, declared("every PT1M", START));
    amend(new Amendment.PauseSchedule(ID, true));

    declare(JOB, declared("every PT2M", START));

    assertThat(due()).containsExactly(ID);
  }

  @Test
  void createInPlaceOfADeletedDeclaration_isDueEverywhere() {
    declare(JOB, declared("every PT1M", START));
    amend(new Amendment.DeleteSchedule(ID));

    amend(create(ID, START));

    assertThat(store.dueTicks(Set.of(JOB), Set.of(), 10).due()).hasSize(1);
  }

  @Test
  void dueTicks_wait_whileTheClockGoesBack() {
    created();
    fired();
    clock.set(LATER);
    assertThat(due()).containsExactly(ID);

    clock.set(START.minus(Duration.ofHours(1)));

    assertThat(due()).isEmpty();
    assertThat(dueTicks().next()).contains(LATER);
  }
}
