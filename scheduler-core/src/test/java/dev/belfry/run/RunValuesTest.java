// SPDX-License-Identifier: Apache-2.0
package dev.belfry.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The last value that is allowed, the first that is not, and what is said of it. */
class RunValuesTest {
  private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
  private static final RunId RUN = RunId.of(NOON.toEpochMilli(), 7, 11);

  @Test
  void runId_isAUuidOfVersionSevenThatSortsByTime() {
    assertThat(RUN.value().version()).isEqualTo(7);
    assertThat(RUN.value().variant()).isEqualTo(2);
    assertThat(RUN.value().getMostSignificantBits() >>> 16).isEqualTo(NOON.toEpochMilli());
    assertThat(RunId.of(1, 4096 + 5, -1)).isEqualTo(RunId.of(1, 5, -1));
    assertThat(List.of(RunId.of(2, 0, 0), RunId.of(1, 1, 0), RunId.of(1, 0, 9), RunId.of(1, 0, 8)))
        .isSortedAccordingTo((a, b) -> b.compareTo(a));
    assertThat(RUN).isEqualByComparingTo(RunId.parse(RUN.toString()));
  }

  @Test
  void runIdsOfAllSigns_areInTheOrderOfTheirText() {
    RunId low = RunId.parse("00000000-0000-7000-8000-000000000000");
    RunId high = RunId.parse("ffffffff-ffff-7fff-bfff-ffffffffffff");
    RunId lowest = RunId.parse("00000000-0000-7000-0000-000000000000");

    assertThat(low).isLessThan(high);
    assertThat(lowest).isLessThan(low);
    assertThat(new EventId(low.value())).isLessThan(new EventId(high.value()));
    assertThat(new EventId(low.value())).isEqualByComparingTo(new EventId(low.value()));
  }

  @Test
  void before_countsDown() {
    assertThat(RunId.of(1, 0, 9).before(2)).isEqualTo(RunId.of(1, 0, 7));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "1-1-1-1-1",
        "019caf4c-6c00-7000-8000-00000000000",
        "019caf4c6c0070008000000000000001"
      })
  void textThatIsNoUuid_isRefused(String text) {
    assertThatThrownBy(() -> RunId.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("run id must be a UUID, was \"" + text + "\"");
  }

  @Test
  void uuidInCapitals_isRead() {
    assertThat(RunId.parse("019CAF4C-6C00-7000-8000-00000000000A"))
        .hasToString("019caf4c-6c00-7000-8000-00000000000a");
  }

  @Test
  void counters_addUpAndAreNeverNegative() {
    Counters counters = Counters.NONE.plus(3, 1).plus(0, 2);

    assertThat(new Counters(0, 0)).isEqualTo(Counters.NONE);
    assertThat(counters).isEqualTo(new Counters(3, 3));
    assertThat(counters.processed()).isEqualTo(6);
    assertThatThrownBy(() -> new Counters(-1, 0))
        .hasMessage("item counts must not be negative, were -1 and 0");
    assertThatThrownBy(() -> new Counters(0, -1))
        .hasMessage("item counts must not be negative, were 0 and -1");
    assertThatThrownBy(() -> new Counters(Long.MAX_VALUE, 0).plus(1, 0))
        .isInstanceOf(ArithmeticException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 1_000})
  void limits_areFromOneToAThousand(int limit) {
    assertThat(RunQuery.all().limit(limit).limit()).isEqualTo(limit);
    assertThat(LedgerQuery.all().limit(limit).limit()).isEqualTo(limit);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1_001})
  void otherLimits_areRefused(int limit) {
    assertThatThrownBy(() -> RunQuery.all().limit(limit))
        .hasMessage("limit must be 1 to 1000, was " + limit);
    assertThatThrownBy(() -> LedgerQuery.all().limit(limit))
        .hasMessage("limit must be 1 to 1000, was " + limit);
  }

  @Test
  void textOfAnError_hasOneTo200Characters() {
    assertThat(RunQuery.all().failingWith("x".repeat(200)).error()).contains("x".repeat(200));
    assertThat(RunQuery.all().failingWith("x").error()).contains("x");
    assertThatThrownBy(() -> RunQuery.all().failingWith(""))
        .hasMessage("text of an error must have 1 to 200 characters, had 0");
    assertThatThrownBy(() -> RunQuery.all().failingWith("x".repeat(201)))
        .hasMessage("text of an error must have 1 to 200 characters, had 201");
  }

  @Test
  void runQuery_keepsAllThatItWasTold() {
    RunQuery query =
        RunQuery.ofJob("mail")
            .in(Status.FAILED, Status.SKIPPED)
            .ofSchedule("daily")
            .tagged("blue")
            .keyed("k")
            .failingWith("boom")
            .between(NOON, NOON.plusSeconds(1))
            .olderThan(RUN)
            .limit(7);

    assertThat(query.job()).contains("mail");
    assertThat(query.statuses()).containsExactlyInAnyOrder(Status.FAILED, Status.SKIPPED);
    assertThat(query.schedule()).contains("daily");
    assertThat(query.tag()).contains("blue");
    assertThat(query.key()).contains("k");
    assertThat(query.error()).contains("boom");
    assertThat(query.from()).contains(NOON);
    assertThat(query.to()).contains(NOON.plusSeconds(1));
    assertThat(query.after()).contains(RUN);
    assertThat(query.limit()).isEqualTo(7);
  }

  @Test
  void ledgerQuery_endsAMinuteAgoUnlessItIsToldOtherwise() {
    LedgerCursor cursor = new LedgerCursor(NOON, RUN, 3);
    LedgerQuery query =
        LedgerQuery.all().ofJob("mail").between(NOON, NOON.plusSeconds(1)).after(cursor);

    assertThat(query.job()).contains("mail");
    assertThat(query.from()).contains(NOON);
    assertThat(query.to()).contains(NOON.plusSeconds(1));
    assertThat(query.after()).contains(cursor);
    assertThat(LedgerQuery.all().end(NOON)).isEqualTo(NOON.minusSeconds(60));
    assertThat(LedgerQuery.all().withLatest().end(NOON)).isEqualTo(NOON.plusSeconds(60));
    assertThat(query.end(NOON.plusSeconds(3_600))).isEqualTo(NOON.plusSeconds(1));
    assertThat(query.end(NOON)).isEqualTo(NOON.minusSeconds(60));
  }

  @Test
  void ledgerCursor_isOrderedByTimeRunAndFence() {
    LedgerCursor cursor = new LedgerCursor(NOON, RUN, 3);

    assertThat(cursor).isLessThan(new LedgerCursor(NOON.plusNanos(1_000), RUN.before(1), 1));
    assertThat(cursor).isGreaterThan(new LedgerCursor(NOON, RUN.before(1), 9));
    assertThat(cursor).isGreaterThan(new LedgerCursor(NOON, RUN, 2));
    assertThat(LedgerCursor.parse(cursor.toString())).isEqualTo(cursor);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "//",
        "2026-03-02T12:00:00Z/019caf4c-6c00-7000-8000-000000000001",
        "2026-03-02T12:00:00Z/019caf4c-6c00-7000-8000-000000000001/3/",
        "noon/019caf4c-6c00-7000-8000-000000000001/3",
        "2026-03-02T12:00:00Z/run/3",
        "2026-03-02T12:00:00Z/019caf4c-6c00-7000-8000-000000000001/three"
      })
  void textThatIsNoCursor_isRefused(String text) {
    assertThatThrownBy(() -> LedgerCursor.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "ledger cursor must be an instant, a run and a fence, as in"
                + " \"2026-03-02T12:00:00Z/019caf4c-6c00-7000-8000-000000000001/3\", was \""
                + text
                + "\"");
  }

  @Test
  void uniqueKey_hasOneTo200CharactersAndAPositiveWindow() {
    assertThat(Unique.whileActive("k").window()).isEmpty();
    assertThat(Unique.whileActive("x".repeat(200)).key()).hasSize(200);
    assertThat(Unique.within(Duration.ofNanos(1), "k").window()).contains(Duration.ofNanos(1));
    assertThat(Unique.whileActive("k").on(Unique.OnConflict.REJECT))
        .isEqualTo(new Unique("k", Optional.empty(), Unique.OnConflict.REJECT));
    assertThatThrownBy(() -> Unique.whileActive(""))
        .hasMessage("unique key must have 1 to 200 characters, had 0");
    assertThatThrownBy(() -> Unique.whileActive("x".repeat(201)))
        .hasMessage("unique key must have 1 to 200 characters, had 201");
    assertThatThrownBy(() -> Unique.within(Duration.ZERO, "k"))
        .hasMessage("unique window must be positive, was PT0S");
    assertThatThrownBy(() -> Unique.within(Duration.ofSeconds(-1), "k"))
        .hasMessage("unique window must be positive, was PT-1S");
  }

  @Test
  void page_saysWhetherMoreFollows() {
    assertThat(Page.of(List.of(1, 2, 3), 2)).isEqualTo(new Page<>(List.of(1, 2), true));
    assertThat(Page.of(List.of(1, 2), 2)).isEqualTo(new Page<>(List.of(1, 2), false));
    assertThat(Page.of(List.of(1, 2, 3), 2).map(i -> i * 10))
        .isEqualTo(new Page<>(List.of(10, 20), true));
  }

  @Test
  void groupEnd_namesItsMembers() {
    var end = new GroupEnd(RunId.of(1, 0, 9), "book", 2, 1, 0, 0, 0, NOON);

    assertThat(end.total()).isEqualTo(3);
    assertThat(end.allCompleted()).isFalse();
    assertThat(new GroupEnd(RUN, "book", 2, 0, 0, 0, 0, NOON).allCompleted()).isTrue();
    assertThat(new GroupEnd(RUN, "book", 1, 1, 1, 1, 1, NOON).total()).isEqualTo(5);
    assertThat(end.members())
        .containsExactly(RunId.of(1, 0, 6), RunId.of(1, 0, 7), RunId.of(1, 0, 8));
  }

  @Test
  void trigger_keepsWhereARunCameFrom() {
    var event = new EventId(RUN.value());

    assertThat(Trigger.event(event, NOON).event()).contains(event);
    assertThat(Trigger.event(event, NOON).nominal()).contains(NOON);
    assertThat(Trigger.parent(RUN).event()).isEmpty();
    assertThat(Trigger.parent(RUN).origin()).contains(RUN);
    assertThat(Trigger.group(RUN).kind()).isEqualTo(Trigger.Kind.GROUP);
    assertThat(Trigger.schedule("daily", NOON).schedule()).contains("daily");
    assertThat(Trigger.schedule("daily", NOON).nominal()).contains(NOON);
    assertThat(Trigger.manual("daily", "ann").actor()).contains("ann");
    assertThat(Trigger.retry(RUN, "ann").origin()).contains(RUN);
    assertThat(Trigger.enqueue().by("ann"))
        .isEqualTo(
            new Trigger(
                Trigger.Kind.ENQUEUE,
                Optional.of("ann"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
  }

  @Test
  void targetsAndIds_areTheirWords() {
    var id = new UUID(1, 2);

    assertThat(Target.all()).hasToString("all");
    assertThat(Target.job("mail")).hasToString("job mail");
    assertThat(Target.queue("slow")).hasToString("queue slow");
    assertThat(new NodeId(id)).hasToString(id.toString());
    assertThat(new EventId(id)).hasToString(id.toString());
    assertThat(new KeyHeldException("mail", "k", RUN))
        .hasMessage("unique key \"k\" of job \"mail\" is held by run " + RUN)
        .satisfies(e -> assertThat(e.holder()).isEqualTo(RUN));
  }
}
