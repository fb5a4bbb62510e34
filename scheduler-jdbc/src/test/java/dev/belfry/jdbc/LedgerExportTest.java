// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.belfry.LedgerFormat;
import dev.belfry.SchedulerClient;
import dev.belfry.run.Counters;
import dev.belfry.run.Failure;
import dev.belfry.run.LedgerCursor;
import dev.belfry.run.LedgerQuery;
import dev.belfry.run.LedgerRow;
import dev.belfry.run.NodeId;
import dev.belfry.run.Pass;
import dev.belfry.run.RunId;
import dev.belfry.run.Trigger;
import dev.belfry.run.Unique;
import dev.belfry.store.Claimed;
import dev.belfry.store.Ending;
import dev.belfry.store.NodeCard;
import dev.belfry.store.Outcome;
import dev.belfry.store.PassReport;
import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** What is exported is what other programs read, whatever texts the runs bring. */
class LedgerExportTest extends DatabaseTest {
  private static final String HOSTILE =
      "a\tb\nc\rd\\e\\n\\N\\.\"f\"'g',{h}\u0001\b\f\u000b\u001f\u007f\u0085\u2028\u2029 ü 漢字 😀 \\";
  private static final List<String> TEXTS =
      List.of(HOSTILE, "", "\\N", "\\", "\\x41", "null", "\n", "\t", " ", "=1+1", "\ufeff");
  private static final List<String> FIELDS =
      List.of(
          "run",
          "fence",
          "job",
          "key",
          "schedule",
          "nominal",
          "trigger",
          "actor",
          "origin",
          "attempt",
          "event",
          "node",
          "started_at",
          "ended_at",
          "ran",
          "detail",
          "failure_type",
          "failure_message",
          "succeeded",
          "failed");
  private static final NodeCard CARD = new NodeCard("node", "test", Set.of(JOB));
  private static final LedgerQuery ALL = LedgerQuery.all().withLatest();
  private static final DateTimeFormatter SIX_DIGITS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private JdbcJobStore filled() {
    JdbcJobStore store = store();
    store.open();
    NodeId node = store.join(CARD, Duration.ofSeconds(9));
    for (String text : TEXTS) {
      var trigger =
          new Trigger(
              Trigger.Kind.MANUAL,
              Optional.of(text),
              Optional.of("s" + text),
              Optional.of(Instant.parse("2026-03-29T01:00:00.000001Z")),
              Optional.of(RunId.of(7, 7, 7)));
      store.insert(
          List.of(
              newRun().withTrigger(trigger).withUnique(Optional.of(Unique.whileActive("k" + text))),
              newRun()));
      var failure = new Failure(text, text, "not shown");
      end(store, node, new Ending.Retried(Duration.ZERO, failure, text));
      end(store, node, new Ending.Failed(failure, text));
      end(store, node, new Ending.Completed(payload(text)));
      clock.advance(Duration.ofNanos(1_000));
    }
    return store;
  }

  private static void end(JdbcJobStore store, NodeId node, Ending ending) {
    Claimed claimed = claimOne(store, node);
    var report =
        new PassReport(
            Duration.ofMillis(3),
            Duration.ofNanos(1_234_567_891),
            new Counters(5, Long.MAX_VALUE),
            Map.of("note", HOSTILE),
            HOSTILE);
    var outcome = new Outcome(claimed.id(), claimed.fence(), ending, report);
    store.exchange(node, List.of(outcome), List.of());
  }

  private static String export(JdbcJobStore store, LedgerQuery query, LedgerFormat format)
      throws IOException {
    var text = new StringBuilder();
    SchedulerClient.of(store).exportLedger(query, format, text);
    return text.toString();
  }

  /** Returns what a reader must find: fields as texts, null where there is no value. */
  private static List<Map<String, @Nullable String>> expected(JdbcJobStore store) {
    return store.ledger(ALL).rows().stream().map(LedgerExportTest::fields).toList();
  }

  private static Map<String, @Nullable String> fields(LedgerRow row) {
    Pass pass = row.pass();
    Trigger trigger = row.trigger();
    var values = new ArrayList<@Nullable String>();
    values.add(pass.run().toString());
    values.add("" + pass.fence());
    values.add(pass.job());
    values.add(row.key().orElse(null));
    values.add(trigger.schedule().orElse(null));
    values.add(trigger.nominal().map(SIX_DIGITS::format).orElse(null));
    values.add(trigger.kind().toString());
    values.add(trigger.actor().orElse(null));
    values.add(trigger.origin().map(RunId::toString).orElse(null));
    values.add("" + pass.attempt());
    values.add(pass.event().toString());
    values.add(pass.node().map(node -> node.value().toString()).orElse(null));
    values.add(SIX_DIGITS.format(pass.startedAt()));
    values.add(SIX_DIGITS.format(pass.endedAt()));
    values.add(pass.ran().toString());
    values.add(pass.detail());
    values.add(pass.failure().map(Failure::type).orElse(null));
    values.add(pass.failure().map(Failure::message).orElse(null));
    values.add("" + pass.counters().succeeded());
    values.add("" + pass.counters().failed());
    return named(values);
  }

  private static Map<String, @Nullable String> named(List<@Nullable String> values) {
    assertThat(values).hasSameSizeAs(FIELDS);
    var named = new LinkedHashMap<String, @Nullable String>();
    for (int i = 0; i < FIELDS.size(); i++) {
      named.put(FIELDS.get(i), values.get(i));
    }
    return named;
  }

  @Test
  void jsonLines_areReadByJackson() throws IOException {
    JdbcJobStore store = filled();
    var strict =
        new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    String text = export(store, ALL, LedgerFormat.JSON_LINES);

    assertThat(text).endsWith("}\n");
    var read = new ArrayList<Map<String, @Nullable String>>();
    for (String line : text.substring(0, text.length() - 1).split("\n", -1)) {
      JsonNode row = strict.readTree(line);
      var fields = new LinkedHashMap<String, @Nullable String>();
      for (Map.Entry<String, JsonNode> field : row.properties()) {
        boolean number = Set.of("fence", "attempt", "succeeded", "failed").contains(field.getKey());
        assertThat(field.getValue().isIntegralNumber()).as(field.getKey()).isEqualTo(number);
        fields.put(field.getKey(), field.getValue().isNull() ? null : field.getValue().asText());
      }
      assertThat(fields.keySet()).containsExactlyElementsOf(FIELDS);
      read.add(fields);
    }
    assertThat(read).isEqualTo(expected(store)).hasSize(3 * TEXTS.size());
  }

  @Test
  void tsv_isReadByAStrictSplit() throws IOException {
    JdbcJobStore store = filled();

    String text = export(store, ALL, LedgerFormat.TSV);

    assertThat(text).endsWith("\n");
    assertThat(text.replaceAll("[^\\p{Cntrl}]|[\t\n]", "")).isEmpty();
    String[] lines = text.substring(0, text.length() - 1).split("\n", -1);
    assertThat(lines[0].split("\t", -1)).containsExactlyElementsOf(FIELDS);
    var read = new ArrayList<Map<String, @Nullable String>>();
    for (String line : List.of(lines).subList(1, lines.length)) {
      var values = new ArrayList<@Nullable String>();
      for (String field : line.split("\t", -1)) {
        values.add(field.equals("\\N") ? null : unescaped(field));
      }
      read.add(named(values));
    }
    assertThat(read).isEqualTo(expected(store)).hasSize(3 * TEXTS.size());
  }

  private static String unescaped(String field) {
    var text = new StringBuilder();
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      if (c == '\\') {
        i++;
        char escape = field.charAt(i);
        if (escape == 'x') {
          text.append((char) Integer.parseInt(field.substring(i + 1, i + 3), 16));
          i += 2;
        } else {
          int known = "\\tnrbfv".indexOf(escape);
          assertThat(known).as("escape in %s", field).isNotNegative();
          text.append("\\\t\n\r\b\f\u000b".charAt(known));
        }
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }

  /** The third reader: PostgreSQL, whatever the store lies in. */
  @Test
  void tsv_isReadByPostgresCopy() throws IOException, SQLException {
    JdbcJobStore store = filled();
    String tsv = export(store, ALL, LedgerFormat.TSV);

    try (EmptyDatabase reader = Product.POSTGRES.open();
        Connection connection = reader.pool().getConnection()) {
      reader.execute(
          "create table ledger (n int generated always as identity, "
              + String.join(" text, ", FIELDS)
              + " text)");
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn(
              "copy ledger (" + String.join(", ", FIELDS) + ") from stdin with (header match)",
              new StringReader(tsv));
      var columns = new LinkedHashMap<String, List<@Nullable String>>();
      for (String field : FIELDS) {
        columns.put(field, reader.query("select " + field + " from ledger order by n"));
      }
      for (int i = 0; i < 3 * TEXTS.size(); i++) {
        int row = i;
        var values = columns.values().stream().map(column -> column.get(row)).toList();
        assertThat(named(new ArrayList<>(values))).isEqualTo(expected(store).get(i));
      }
    }
  }

  @Test
  void export_goesOnAfterACursor_withoutAnotherHeader() throws IOException {
    JdbcJobStore store = filled();
    String whole = export(store, ALL.limit(7), LedgerFormat.TSV);
    List<LedgerRow> rows = store.ledger(ALL).rows();
    Instant middle = rows.get(10).pass().endedAt();
    SchedulerClient client = SchedulerClient.of(store);
    var text = new StringBuilder();

    LedgerQuery first = ALL.between(START, middle).limit(3);
    Optional<LedgerCursor> cursor = client.exportLedger(first, LedgerFormat.TSV, text);
    assertThat(cursor.map(LedgerCursor::toString).map(LedgerCursor::parse)).isEqualTo(cursor);
    LedgerQuery rest = ALL.after(cursor.orElseThrow()).limit(3);
    Optional<LedgerCursor> end = client.exportLedger(rest, LedgerFormat.TSV, text);

    assertThat(text.toString()).isEqualTo(whole);
    assertThat(end).contains(rows.get(rows.size() - 1).cursor());
    assertThat(client.exportLedger(ALL.after(end.orElseThrow()), LedgerFormat.TSV, text))
        .isEqualTo(end);
    assertThat(text.toString()).isEqualTo(whole);
    assertThat(client.exportLedger(ALL.ofJob("other"), LedgerFormat.JSON_LINES, text))
        .isEqualTo(end);
    assertThat(text.toString()).isEqualTo(whole);
  }

  @Test
  void export_thatBrokeOff_goesOnAfterTheLastWholeLine() throws IOException {
    JdbcJobStore store = filled();
    String whole = export(store, ALL, LedgerFormat.JSON_LINES);
    for (int room : new int[] {100, whole.length() / 2, whole.length() - 1}) {
      var text = new StringBuilder();
      var full = new FullDisk(text, room);
      assertThatThrownBy(
              () -> SchedulerClient.of(store).exportLedger(ALL, LedgerFormat.JSON_LINES, full))
          .isInstanceOf(IOException.class)
          .hasMessage("disk full");

      text.setLength(text.lastIndexOf("\n") + 1);
      LedgerQuery rest = ALL;
      if (!text.isEmpty()) {
        String last = text.substring(text.lastIndexOf("\n", text.length() - 2) + 1);
        JsonNode line = new ObjectMapper().readTree(last);
        rest =
            ALL.after(
                new LedgerCursor(
                    Instant.parse(line.get("ended_at").asText()),
                    RunId.parse(line.get("run").asText()),
                    line.get("fence").asLong()));
      }
      text.append(export(store, rest, LedgerFormat.JSON_LINES));
      assertThat(text.toString()).isEqualTo(whole);
    }
  }

  /** Takes so many characters and no more. */
  private record FullDisk(StringBuilder text, int room) implements Appendable {
    @Override
    public Appendable append(CharSequence more) throws IOException {
      text.append(more, 0, Math.min(more.length(), room - text.length()));
      if (text.length() == room) {
        throw new IOException("disk full");
      }
      return this;
    }

    @Override
    public Appendable append(CharSequence more, int start, int end) throws IOException {
      return append(more.subSequence(start, end));
    }

    @Override
    public Appendable append(char c) throws IOException {
      return append(String.valueOf(c));
    }
  }
}
