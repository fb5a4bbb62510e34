// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.run.Counters;
import dev.belfry.run.Failure;
import dev.belfry.run.NodeId;
import dev.belfry.run.Pass;
import dev.belfry.run.RunId;
import dev.belfry.run.Trigger;
import dev.belfry.store.PassReport;
import dev.belfry.store.Payload;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Ended passes to be written, the last of a run with the run's facts. */
final class History {
  private static final String PASS_COLUMNS =
      "run, fence, job, attempt, event, node, started_at, ended_at, ran, detail,"
          + " failure_type, failure_message, failure_trace, succeeded, failed, notes, log";
  private static final int PASS_WIDTH = 17;
  private static final String FACT_COLUMNS =
      "status, priority, created_at, first_due, first_claimed_at, kind, actor, schedule, nominal,"
          + " origin, tags, codec, input, result_codec, result";
  private static final int FACT_WIDTH = 15;

  private static final String INSERT_PASS =
      "insert into {history} (" + PASS_COLUMNS + ") values (" + "?, ".repeat(16) + "?)";
  private static final String INSERT_LAST =
      "insert into {history} ("
          + PASS_COLUMNS
          + ", "
          + FACT_COLUMNS
          + ") values ("
          + "?, ".repeat(31)
          + "?)";

  private final List<@Nullable Object[]> passes = new ArrayList<>();
  private final List<@Nullable Object[]> last = new ArrayList<>();

  /** Adds a pass after which the run goes on. */
  void add(Pass pass) {
    passes.add(values(pass, PASS_WIDTH));
  }

  /** Adds the pass that ended a run. */
  void addLast(Pass pass, Facts facts) {
    @Nullable Object[] row = values(pass, PASS_WIDTH + FACT_WIDTH);
    int i = PASS_WIDTH;
    row[i++] = pass.event().name();
    row[i++] = facts.priority();
    row[i++] = facts.createdAt();
    row[i++] = facts.firstDue();
    row[i++] = facts.firstClaimedAt();
    row[i++] = facts.trigger().kind();
    row[i++] = facts.trigger().actor();
    row[i++] = facts.trigger().schedule();
    row[i++] = facts.trigger().nominal();
    row[i++] = facts.trigger().origin();
    row[i++] = Texts.labels(facts.tags());
    row[i++] = facts.codec();
    row[i++] = facts.input();
    row[i++] = facts.resultCodec();
    row[i] = facts.result();
    last.add(row);
  }

  void write(Tx tx) throws SQLException {
    tx.batch(INSERT_PASS, passes);
    tx.batch(INSERT_LAST, last);
    passes.clear();
    last.clear();
  }

  private static @Nullable Object[] values(Pass pass, int width) {
    @Nullable Object[] values = {
      pass.run(),
      pass.fence(),
      pass.job(),
      pass.attempt(),
      pass.event(),
      pass.node(),
      pass.startedAt(),
      pass.endedAt(),
      pass.ran(),
      orNull(pass.detail()),
      pass.failure().map(Failure::type),
      pass.failure().map(Failure::message),
      pass.failure().map(Failure::trace),
      pass.counters().succeeded(),
      pass.counters().failed(),
      Texts.notes(pass.notes()),
      orNull(pass.log())
    };
    return Arrays.copyOf(values, width);
  }

  static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  /** Reads the ended passes of a run in order of fence. */
  static List<Pass> read(Tx tx, RunId run) throws SQLException {
    return tx.list(
        "select " + PASS_COLUMNS + " from {history} where run = ? order by run, fence",
        History::pass,
        run);
  }

  private static Pass pass(Row row) throws SQLException {
    return new Pass(
        row.run(),
        row.bigNumber(),
        row.text(),
        row.number(),
        Pass.Event.valueOf(row.text()),
        row.optionalNode(),
        row.instant(),
        row.instant(),
        row.duration(),
        row.optionalText().orElse(""),
        failure(row),
        new Counters(row.bigNumber(), row.bigNumber()),
        Texts.notes(row.textOrNull()),
        row.optionalText().orElse(""));
  }

  static Optional<Failure> failure(Row row) throws SQLException {
    String type = row.textOrNull();
    String message = row.optionalText().orElse("");
    String trace = row.optionalText().orElse("");
    return type == null ? Optional.empty() : Optional.of(new Failure(type, message, trace));
  }

  /** Returns a pass that a node's report describes. */
  static Pass reported(
      HotRun run, String job, NodeId node, PassReport report, End end, Instant now) {
    return new Pass(
        run.id(),
        run.fence(),
        job,
        run.attempt(),
        end.event(),
        Optional.of(node),
        Tx.cut(run.claimedAt(now).plus(report.waited())),
        now,
        report.ran(),
        end.detail(),
        end.failure(),
        report.counters(),
        report.notes(),
        report.log());
  }

  /** Returns a line for what nobody's handler took part in. */
  static Pass silent(
      RunId run, long fence, String job, int attempt, Optional<NodeId> node, End end, Span span) {
    return new Pass(
        run,
        fence,
        job,
        attempt,
        end.event(),
        node,
        span.from(),
        span.to(),
        Duration.ZERO,
        end.detail(),
        end.failure(),
        Counters.NONE,
        Map.of(),
        "");
  }

  /** How a pass ended, in words. */
  record End(Pass.Event event, String detail, Optional<Failure> failure) {
    static End of(Pass.Event event, String detail) {
      return new End(event, detail, Optional.empty());
    }
  }

  /** From when to when. */
  record Span(Instant from, Instant to) {}

  /** What is kept of a run once it has ended. */
  record Facts(
      int priority,
      Instant createdAt,
      Instant firstDue,
      Optional<Instant> firstClaimedAt,
      Trigger trigger,
      List<String> tags,
      String codec,
      byte @Nullable [] input,
      @Nullable String resultCodec,
      byte @Nullable [] result) {
    static Facts of(HotRun run, int priority) {
      return of(run, priority, null, null);
    }

    static Facts of(
        HotRun run, int priority, @Nullable Payload result, byte @Nullable [] inlineResult) {
      return new Facts(
          priority,
          run.createdAt(),
          run.firstDue(),
          run.firstClaimedAt(),
          run.trigger(),
          run.tags(),
          run.codec(),
          run.input(),
          result == null ? null : result.codec(),
          inlineResult);
    }
  }
}
