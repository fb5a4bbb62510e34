// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.Job;
import dev.belfry.JobContext;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerClient;
import dev.belfry.SchedulerEvent;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.Counters;
import dev.belfry.run.NodeId;
import dev.belfry.run.Pass;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import dev.belfry.run.TypeRef;
import dev.belfry.store.Ending;
import dev.belfry.store.MemoKey;
import dev.belfry.store.MemoKind;
import dev.belfry.store.MemoValue;
import dev.belfry.store.MemoWrite;
import dev.belfry.store.NewMemo;
import dev.belfry.store.Outcome;
import dev.belfry.store.PassReport;
import dev.belfry.store.Payload;
import dev.belfry.testkit.engine.Rows.Table;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What a handler does in a transaction of the store is done once, however many passes there are.
 */
class TransactionTest {
  record Receipt(String order, List<Instant> times) {}

  private final Rows rows = new Rows();
  private final World world = new World(World.START, rows::beside);
  private final List<String> calls = new ArrayList<>();

  /** What a handler of these tests does. */
  private interface Handler {
    void run(JobContext ctx) throws Exception;
  }

  private RunHandle run(Handler handler) {
    return world.runOne(
        Job.named("job", String.class)
            .retry(RetryPolicy.fixed(Duration.ofSeconds(10)).withMaxAttempts(3))
            .handler((ctx, input) -> handler.run(ctx)));
  }

  private void book(JobContext ctx) {
    ctx.transaction("book", Table.class, table -> add(table, "row"));
  }

  private void add(Table table, String row) {
    calls.add(row);
    table.add(row);
  }

  private static void failFirst(JobContext ctx) throws IOException {
    if (ctx.attempt() == 1) {
      throw new IOException("the first time");
    }
  }

  private NodeId node() {
    return world.store.nodes().get(0).id();
  }

  private void assertFailed(RunHandle handle, String message) {
    assertThat(world.state(handle.id()))
        .isInstanceOfSatisfying(
            RunState.Failed.class,
            failed -> assertThat(failed.failure().message()).isEqualTo(message));
  }

  // Once

  @Test
  void rows_areCommitted() {
    RunHandle handle = run(this::book);

    assertThat(rows.committed()).containsExactly("row");
    assertThat(world.history(handle.id())).containsExactly(Pass.Event.COMPLETED);
  }

  @Test
  void laterPass_findsTheMemoAndDoesNotCallTheBody() {
    RunHandle handle =
        run(
            ctx -> {
              book(ctx);
              failFirst(ctx);
            });

    assertThat(calls).containsExactly("row");
    assertThat(rows.committed()).containsExactly("row");
    assertThat(world.history(handle.id()))
        .containsExactly(Pass.Event.RETRIED, Pass.Event.COMPLETED);
  }

  @Test
  void value_comesBackAsItIsKept_fromTheFirstPassOn() {
    var given = new Receipt("o-1", new ArrayList<>(List.of(World.START)));
    var received = new ArrayList<Receipt>();
    run(
        ctx -> {
          received.add(ctx.transaction("book", Receipt.class, Table.class, table -> given));
          failFirst(ctx);
        });

    assertThat(received).hasSize(2).allMatch(given::equals);
    assertThat(received.get(0)).isNotSameAs(given);
  }

  @Test
  void value_mayBeOfAnyTypeOrNull() {
    var received = new ArrayList<Object>();
    run(
        ctx -> {
          received.add(
              ctx.transaction(
                  "list", new TypeRef<List<Integer>>() {}, Table.class, table -> List.of(1, 2)));
          received.add(
              String.valueOf(
                  (Object) ctx.transaction("none", String.class, Table.class, table -> null)));
          failFirst(ctx);
        });

    assertThat(received).containsExactly(List.of(1, 2), "null", List.of(1, 2), "null");
  }

  @Test
  void bodyThatThrows_isRolledBackAndCalledAgainByTheNextAttempt() {
    RunHandle handle =
        run(
            ctx ->
                ctx.transaction(
                    "book",
                    Table.class,
                    table -> {
                      add(table, "row");
                      failFirst(ctx);
                    }));

    assertThat(calls).containsExactly("row", "row");
    assertThat(rows.committed()).containsExactly("row");
    assertThat(world.store.passes(handle.id()).get(0).failure())
        .hasValueSatisfying(
            failure -> {
              assertThat(failure.type()).isEqualTo("java.io.IOException");
              assertThat(failure.message()).isEqualTo("the first time");
            });
  }

  @Test
  void usesOfAnId_areToldApartByTheirNumber() {
    var received = new ArrayList<Integer>();
    RunHandle handle =
        run(
            ctx -> {
              for (int i = 1; i <= 2; i++) {
                int number = i;
                received.add(
                    ctx.transaction(
                        "book",
                        Integer.class,
                        Table.class,
                        table -> {
                          add(table, "row " + number);
                          return 10 * number;
                        }));
              }
              failFirst(ctx);
            });

    assertThat(calls).containsExactly("row 1", "row 2");
    assertThat(received).containsExactly(10, 20, 10, 20);
    assertThat(world.store.memos(List.of(handle.id())).get(handle.id()))
        .extracting(memo -> memo.key())
        .containsExactly(new MemoKey("", "book", 0), new MemoKey("", "book", 1));
  }

  // When memos are read

  @Test
  void firstPass_readsNoMemos_andALaterOneReadsThemOnce() {
    run(
        ctx -> {
          book(ctx);
          ctx.transaction("more", Table.class, table -> {});
          assertThat(world.faults.calls("memos")).isEqualTo(ctx.attempt() - 1);
          failFirst(ctx);
        });

    assertThat(world.faults.calls("memos")).isEqualTo(1);
  }

  @Test
  void jobThatRemembersNothing_readsNoMemos() {
    run(TransactionTest::failFirst);

    assertThat(world.faults.calls("memos")).isZero();
  }

  // Lost and found

  @Test
  void commitWhoseAnswerIsLost_isFoundByItsMemo() {
    world.faults.loseAnswers("transact", 1);

    RunHandle handle = run(this::book);

    assertThat(calls).containsExactly("row");
    assertThat(rows.committed()).containsExactly("row");
    assertThat(world.history(handle.id())).containsExactly(Pass.Event.COMPLETED);
  }

  @Test
  void commitWhoseAnswerIsLost_isLookedForUntilTheStoreAnswers() {
    world.faults.loseAnswers("transact", 1);
    world.faults.loseCalls("memos", 3);

    RunHandle handle = run(this::book);

    assertThat(world.faults.calls("memos")).isEqualTo(4);
    assertThat(calls).containsExactly("row");
    assertThat(world.history(handle.id())).containsExactly(Pass.Event.COMPLETED);
  }

  @Test
  void commitThatIsNotFound_endsThePass_whateverTheHandlerDoes() {
    rows.loseCommits(1);
    var refused = new ArrayList<String>();

    RunHandle handle =
        run(
            ctx -> {
              if (ctx.attempt() == 1) {
                assertThatThrownBy(() -> book(ctx)).hasMessage("planned: the commit is lost");
                assertThatThrownBy(() -> ctx.transaction("other", Table.class, table -> {}))
                    .hasMessage("planned: the commit is lost");
                assertThat(ctx.cancelled()).isTrue();
                refused.add("other");
              } else {
                book(ctx);
              }
            });

    assertThat(refused).containsExactly("other");
    assertThat(calls).containsExactly("row", "row"); // once in each pass
    assertThat(rows.committed()).containsExactly("row");
    assertThat(world.history(handle.id()))
        .containsExactly(Pass.Event.RETRIED, Pass.Event.COMPLETED);
    assertThat(world.store.passes(handle.id()).get(0).failure())
        .hasValueSatisfying(
            failure -> assertThat(failure.message()).isEqualTo("planned: the commit is lost"));
  }

  @Test
  void memoThatComesLate_isTakenInsteadOfDoingItTwice() {
    RunHandle handle =
        run(
            ctx -> {
              failFirst(ctx);
              String value =
                  ctx.transaction(
                      "book",
                      String.class,
                      Table.class,
                      table -> {
                        add(table, "second");
                        // the commit of the first attempt, which nobody had heard of
                        writeMemo(ctx, MemoKind.TRANSACTION, "String", "\"first\"");
                        return "second";
                      });
              assertThat(value).isEqualTo("first");
            });

    assertThat(rows.committed()).isEmpty();
    assertThat(world.run(handle.id()).status()).isEqualTo(Status.COMPLETED);
  }

  private void writeMemo(JobContext ctx, MemoKind kind, String type, String json) {
    var value =
        new MemoValue.Result(
            Payload.of(world.store.codec().id(), json.getBytes(StandardCharsets.UTF_8)));
    NewMemo memo = NewMemo.settled(MemoKey.of("book"), kind, type, value);
    world.store.record(node(), List.of(new MemoWrite(ctx.runId(), ctx.fence(), memo)));
  }

  @Test
  void runThatIsTakenOverMeanwhile_keepsNothing_andThePassLearnsIt() {
    RunHandle handle =
        run(
            ctx -> {
              if (ctx.fence() > 1) {
                book(ctx);
                return;
              }
              String lost =
                  "run "
                      + ctx.runId()
                      + " is no longer this pass's: it was taken over or moved. Nothing of"
                      + " transaction \"book\" was kept";
              assertThatThrownBy(
                      () ->
                          ctx.transaction(
                              "book",
                              Table.class,
                              table -> {
                                add(table, "lost");
                                letGo(ctx);
                              }))
                  .isInstanceOf(IllegalStateException.class)
                  .hasMessage(lost);
              assertThat(ctx.leaseHeld()).isFalse();
              assertThat(ctx.cancelled()).isTrue();
              assertThatThrownBy(() -> ctx.transaction("other", Table.class, table -> {}))
                  .hasMessage(lost);
            });

    assertThat(calls).containsExactly("lost", "row");
    assertThat(rows.committed()).containsExactly("row");
    assertThat(world.run(handle.id()).status()).isEqualTo(Status.COMPLETED);
    assertThat(world.events(SchedulerEvent.OutcomeRefused.class)).hasSize(1);
  }

  /** Has the store let go of a run, as if this node had died. */
  private void letGo(JobContext ctx) {
    var report = new PassReport(Duration.ZERO, Duration.ZERO, Counters.NONE, Map.of(), "");
    var ending = new Ending.HandedBack(false, "its node died");
    world.store.exchange(
        node(), List.of(new Outcome(ctx.runId(), ctx.fence(), ending, report)), List.of());
  }

  // What is refused

  @Test
  void transactionInATransaction_isRefused() {
    run(
        ctx ->
            ctx.transaction(
                "outer",
                Table.class,
                table ->
                    assertThatThrownBy(() -> book(ctx))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage(
                            "transaction \"book\" was begun inside of transaction \"outer\"; they"
                                + " can't be nested")));

    assertThat(calls).isEmpty();
  }

  @Test
  void transactionFromAnotherThread_isRefused() {
    var refusals = new ArrayList<Throwable>();
    run(
        ctx -> {
          var other =
              new Thread(
                  () -> {
                    try {
                      book(ctx);
                    } catch (IllegalStateException refused) {
                      refusals.add(refused);
                    }
                  },
                  "other");
          other.start();
          other.join();
          assertThat(refusals)
              .singleElement()
              .satisfies(
                  refused ->
                      assertThat(refused)
                          .hasMessage(
                              "the context of run "
                                  + ctx.runId()
                                  + " belongs to thread \"pass of run "
                                  + ctx.runId()
                                  + "\", was used by \"other\""));
        });

    assertThat(calls).isEmpty();
    assertThat(refusals).hasSize(1);
  }

  @Test
  void idThatFailed_canNotBeUsedAgainByThePass() {
    RunHandle handle =
        run(
            ctx -> {
              assertThatThrownBy(
                      () ->
                          ctx.transaction(
                              "book",
                              Table.class,
                              table -> {
                                throw new IOException("no");
                              }))
                  .isExactlyInstanceOf(IOException.class);
              assertThatThrownBy(() -> book(ctx))
                  .isInstanceOf(IllegalStateException.class)
                  .hasMessage(
                      "transaction \"book\" has failed in this pass; another use of its id could"
                          + " not be told from it later. Let the failure end the attempt, or give"
                          + " each use an id of its own");
              ctx.transaction("other", Table.class, table -> add(table, "other"));
            });

    assertThat(calls).containsExactly("other");
    assertThat(world.run(handle.id()).status()).isEqualTo(Status.COMPLETED);
  }

  @Test
  void idThatStoodForSomethingElse_isRefused() {
    RunHandle handle =
        run(
            ctx -> {
              if (ctx.attempt() == 1) {
                writeMemo(ctx, MemoKind.STEP, "nothing", "null");
              }
              failFirst(ctx);
              book(ctx);
            });

    assertFailed(
        handle,
        "transaction \"book\" was a step when run "
            + handle.id()
            + " came by before; what has changed needs another id");
    assertThat(calls).isEmpty();
  }

  @Test
  void valueOfAnotherType_isRefused() {
    RunHandle handle =
        run(
            ctx -> {
              if (ctx.attempt() == 1) {
                ctx.transaction("book", Receipt.class, Table.class, table -> null);
              }
              failFirst(ctx);
              ctx.transaction(
                  "book", new TypeRef<List<Receipt>>() {}, Table.class, table -> List.of());
            });

    assertFailed(
        handle,
        "transaction \"book\" returned object when run "
            + handle.id()
            + " came by before, and returns List<object> now; what has changed needs another id");
  }

  @Test
  void valueThatIsTooLarge_isRefusedAndRolledBack() {
    RunHandle handle =
        run(
            ctx ->
                ctx.transaction(
                    "book",
                    String.class,
                    Table.class,
                    table -> {
                      table.add("row");
                      return "x".repeat(Payload.MAX_BYTES);
                    }));

    assertFailed(
        handle,
        "result of transaction \"book\" has 1048578 bytes, the limit is 1048576; keep large data"
            + " elsewhere and enqueue a reference to it");
    assertThat(rows.committed()).isEmpty();
  }

  @Test
  void typeThatCanNotBeKept_isRefusedBeforeTheBody() {
    RunHandle handle =
        run(
            ctx ->
                ctx.transaction(
                    "book",
                    Thread.class,
                    Table.class,
                    table -> {
                      add(table, "row");
                      return Thread.currentThread();
                    }));

    assertThat(world.run(handle.id()).status()).isEqualTo(Status.FAILED);
    assertThat(calls).isEmpty();
  }

  @Test
  void badId_isRefused() {
    run(
        ctx ->
            assertThatThrownBy(() -> ctx.transaction("", Table.class, table -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("step id must not be empty"));
  }

  @Test
  void storeInMemory_refuses() {
    var plain = new World();
    Job<String> job =
        Job.named("job", String.class)
            .retry(RetryPolicy.none())
            .handler((ctx, in) -> ctx.transaction("book", Table.class, table -> {}));

    RunHandle handle = plain.runOne(job);

    assertThat(plain.state(handle.id()))
        .isInstanceOfSatisfying(
            RunState.Failed.class,
            failed ->
                assertThat(failed.failure().message())
                    .isEqualTo(
                        "the in-memory store has no transactions; ctx.transaction needs a database"
                            + " store"));
  }

  // After the caller's own commit

  @Test
  void wake_hasTheNodeLookAtOnce() {
    Job<String> job = Job.named("job", String.class).handler((ctx, in) -> calls.add(in));
    world.faults.loseHints();
    try (Scheduler scheduler = world.start(job)) {
      world.time.runDue();
      RunHandle handle = SchedulerClient.of(world.store, job).enqueue(job, "a");
      world.time.runDue();
      assertThat(calls).isEmpty();

      scheduler.wake();
      world.time.runDue();

      assertThat(calls).containsExactly("a");
      assertThat(world.run(handle.id()).status()).isEqualTo(Status.COMPLETED);
    }
  }
}
