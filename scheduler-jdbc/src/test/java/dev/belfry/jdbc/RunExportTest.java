// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.run.Part;
import dev.belfry.run.Pass;
import dev.belfry.run.RunId;
import dev.belfry.testkit.RunReplayer;
import dev.belfry.testkit.VirtualTime;
import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A run in a database can be read part by part, exported and replayed, by the database's clock. */
class RunExportTest extends DatabaseTest {
  private static final EventType<String> PAID =
      EventType.of("paid", String.class).keyedBy(order -> order);

  /** Not a record, so that it takes Jackson to carry it. */
  static final class Sum {
    public int amount;
  }

  private final List<String> calls = new ArrayList<>();
  private final Job<String> job =
      Job.named("bill", String.class)
          .handler(
              (ctx, order) -> {
                ctx.step("sum", Sum.class, RunExportTest::sum);
                ctx.transaction("book", Connection.class, connection -> calls.add("book"));
                ctx.map("lines", List.of("x", "y"), Integer.class, String::length);
                ctx.waitForEvent("paid", PAID, order, Duration.ofDays(1));
                ctx.sleep("pause", Duration.ofDays(1));
                calls.add("woken");
              });

  private static Sum sum() {
    var sum = new Sum();
    sum.amount = 7;
    return sum;
  }

  /** Moves the node's time on until its runs have come so far; the database's goes by itself. */
  private static void advance(VirtualTime time, Scheduler scheduler, RunId run, int passes) {
    for (int i = 0; i < 1_000 && scheduler.passes(run).size() < passes; i++) {
      time.advance(Duration.ofSeconds(2));
    }
    assertThat(scheduler.passes(run))
        .extracting(Pass::event)
        .hasSize(passes)
        .containsOnly(Pass.Event.SUSPENDED);
  }

  private static String export(Scheduler scheduler, RunId run) throws IOException {
    var document = new StringBuilder();
    scheduler.exportRun(run, document);
    return document.toString();
  }

  @Test
  void run_isReplayedAsItStands() throws IOException {
    VirtualTime time = VirtualTime.from(START, 7);
    JdbcJobStore store = JdbcJobStore.using(pool);
    try (Scheduler scheduler =
        Scheduler.builder().store(store).host(time.newHost()).register(job).start()) {
      RunHandle handle = scheduler.enqueue(job, "order 7");
      RunReplayer replayer = RunReplayer.of(job).withCodec(store.codec());

      advance(time, scheduler, handle.id(), 1);
      String waiting = export(scheduler, handle.id());
      scheduler.send(PAID, "order 7");
      advance(time, scheduler, handle.id(), 2);
      String sleeping = export(scheduler, handle.id());

      assertThat(scheduler.parts(handle.id()))
          .extracting(part -> part.kind() + " " + part.scope() + "/" + part.id())
          .containsExactlyInAnyOrder(
              "STEP /sum",
              "TRANSACTION /book",
              "STEP /lines",
              "MAP_ITEM lines/0",
              "MAP_ITEM lines/1",
              "WAIT /paid",
              "SLEEP /pause");
      assertThat(scheduler.parts(handle.id()).get(0).state())
          .isEqualTo(new Part.Done("{\"amount\":7}"));
      assertThat(replayer.replay(new StringReader(waiting + sleeping)).runs())
          .allSatisfy(run -> assertThat(run.differences()).isEmpty())
          .extracting(run -> run.recorded())
          .containsExactly("waits for wait \"paid\"", "waits for sleep \"pause\"");
      assertThat(calls).containsExactly("book");
    }
  }

  @Test
  void document_isReadByJackson() throws IOException {
    JdbcJobStore store = store();
    VirtualTime time = VirtualTime.from(START, 7);
    try (Scheduler scheduler =
        Scheduler.builder().store(store).host(time.newHost()).register(job).start()) {
      RunHandle handle = scheduler.enqueue(job, "\"\\\u0001 ü 漢字 😀");

      JsonNode run = new ObjectMapper().readTree(export(scheduler, handle.id()));

      assertThat(run.get("run").asText()).isEqualTo(handle.id().toString());
      assertThat(run.get("status").asText()).isEqualTo("SCHEDULED");
      assertThat(run.get("input").get("text").asText()).isEqualTo("\"\\\"\\\\\\u0001 ü 漢字 😀\"");
    }
  }
}
