// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import dev.belfry.run.Counters;
import dev.belfry.run.Failure;
import dev.belfry.run.Page;
import dev.belfry.run.Run;
import dev.belfry.run.RunId;
import dev.belfry.run.RunQuery;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import dev.belfry.run.Trigger;
import dev.belfry.store.Lane;
import dev.belfry.store.Payload;
import dev.belfry.store.PendingCount;
import dev.belfry.store.RunRecord;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads runs, pending and ended alike. */
final class Queries {
  /*
   * One select for the hot table and one for each final state, each ordered as its index is and
   * cut at the size of the page; the newest of all together are the page. The hot table comes
   * first, so a run that ends meanwhile is found twice, and shown as ended, but never missed.
   */
  private static final Map<Status, String> PENDING =
      Map.of(
          Status.SCHEDULED, "($state = 0 and waiting = false)",
          Status.RUNNING, "(state = 1 and node is not null)",
          Status.WAITING, "waiting = true",
          Status.BLOCKED, "state = 3");
  private static final String ENDED_COLUMNS =
      "run, fence, job, status, ended_at, detail, failure_type, failure_message, failure_trace,"
          + " succeeded, failed, notes, priority, created_at, first_due, first_claimed_at,"
          + " kind, actor, schedule, nominal, origin, tags, codec, input, result_codec, result";

  /** Whether a pass failed, or was blocked, with a text in the error. */
  static final String ERROR =
      "(position(? in p.failure_type) > 0 or position(? in p.failure_message) > 0"
          + " or (p.event = 'BLOCKED' and position(? in p.detail) > 0))";

  static final Comparator<RunRecord> NEWEST_FIRST =
      Comparator.<RunRecord, RunId>comparing(record -> record.run().id()).reversed();

  private final Tx tx;
  private final Lanes lanes;

  Queries(Tx tx, Lanes lanes) {
    this.tx = tx;
    this.lanes = lanes;
  }

  Page<RunRecord> page(RunQuery query) throws SQLException {
    if (query.key().isPresent()) {
      return new KeySearch(tx, this, query).page();
    }
    Set<Status> wanted =
        query.statuses().isEmpty() ? EnumSet.allOf(Status.class) : query.statuses();
    var found = new TreeMap<RunId, RunRecord>(Comparator.reverseOrder());
    List<Status> states = wanted.stream().filter(PENDING::containsKey).sorted().toList();
    if (!states.isEmpty()) {
      hot(query, states).forEach(record -> found.put(record.run().id(), record));
    }
    for (Status status : wanted) {
      if (status.isFinal()) {
        ended(query, status).forEach(record -> found.put(record.run().id(), record));
      }
    }
    int limit = query.limit();
    return Page.of(found.values().stream().limit(limit + 1L).toList(), limit);
  }

  private List<RunRecord> hot(RunQuery query, List<Status> states) throws SQLException {
    var filter = new Filter("{run}.id", query);
    if (states.size() < PENDING.size()) {
      filter.add(
          states.stream()
              .map(PENDING::get)
              .collect(joining(" or ", "(", ")"))
              .replace("$state", tx.sql().unsorted("state")));
    }
    if (query.job().isPresent()) {
      List<Integer> its =
          tx.list(
              "select id from {lane} where job = ? order by id", Row::number, query.job().get());
      if (its.isEmpty()) {
        return List.of();
      }
      filter.add("lane in (" + "?, ".repeat(its.size() - 1) + "?)", its.toArray());
    }
    return records(
        tx.list(
            "select " + HotRun.COLUMNS + " from {run}" + filter.text("{run}.id desc"),
            HotRun::of,
            filter.args(query.limit() + 1)));
  }

  private List<RunRecord> ended(RunQuery query, Status status) throws SQLException {
    var filter = new Filter("{history}.run", query);
    filter.add("status = '" + status + "'"); // to be seen when it is planned: indexes are partial
    query.job().ifPresent(job -> filter.add("job = ?", job));
    String order = (query.job().isPresent() ? "job, " : "") + "status, run desc";
    return endedRecords(
        tx.list(
            "select " + ENDED_COLUMNS + " from {history}" + filter.text(order),
            EndedRun::of,
            filter.args(query.limit() + 1)));
  }

  List<RunRecord> byId(Collection<RunId> ids) throws SQLException {
    List<RunId> sorted = ids.stream().distinct().sorted().toList();
    if (sorted.isEmpty()) {
      return List.of();
    }
    var found = new LinkedHashMap<RunId, RunRecord>();
    for (RunRecord record : records(HotRun.read(tx, sorted))) {
      found.put(record.run().id(), record);
    }
    // read last, so that a run which ends in between is not missed
    for (RunRecord record :
        endedRecords(
            tx.listIn(
                "select "
                    + ENDED_COLUMNS
                    + " from {history} where run in (*) and status is not null",
                EndedRun::of,
                sorted))) {
      found.put(record.run().id(), record);
    }
    return List.copyOf(found.values());
  }

  private List<RunRecord> records(List<HotRun> runs) throws SQLException {
    Map<RunId, Payload> inputs = Payloads.inputs(tx, runs);
    Map<RunId, LastPass> last = lastPasses(runs.stream().map(HotRun::id).toList());
    var records = new ArrayList<RunRecord>(runs.size());
    for (HotRun run : runs) {
      Lane lane = lanes.byId(tx, run.lane());
      LastPass pass = last.getOrDefault(run.id(), LastPass.NONE);
      var shown =
          new Run(
              run.id(),
              lane.job(),
              lane.priority(),
              run.toState(),
              run.createdAt(),
              run.firstDue(),
              run.firstClaimedAt(),
              run.trigger(),
              run.tags(),
              pass.counters,
              pass.notes,
              run.cancelled());
      records.add(
          new RunRecord(
              shown,
              run.fence(),
              requireNonNull(inputs.get(run.id())),
              Optional.empty(),
              Limits.waitedFor(tx, run)));
    }
    return records;
  }

  private Map<RunId, LastPass> lastPasses(List<RunId> runs) throws SQLException {
    var last = new HashMap<RunId, LastPass>();
    if (!runs.isEmpty()) {
      tx.listIn(
          "select run, succeeded, failed, notes from {history}"
              + " where run in (*) and event <> 'MOVED' order by run, fence",
          row ->
              last.put(
                  row.run(),
                  new LastPass(
                      new Counters(row.bigNumber(), row.bigNumber()),
                      Texts.notes(row.textOrNull()))),
          runs);
    }
    return last;
  }

  private List<RunRecord> endedRecords(List<EndedRun> runs) throws SQLException {
    Map<RunId, byte[]> inputs =
        Payloads.read(
            tx,
            runs.stream().filter(r -> r.input == null).map(r -> r.run.id()).toList(),
            Payloads.INPUT);
    Map<RunId, byte[]> results =
        Payloads.read(
            tx,
            runs.stream()
                .filter(r -> r.resultCodec != null && r.result == null)
                .map(r -> r.run.id())
                .toList(),
            Payloads.RESULT);
    return runs.stream().map(run -> run.record(inputs, results)).toList();
  }

  /** Counts the runs that have not ended; what is left to the database is the counting alone. */
  List<PendingCount> pending() throws SQLException {
    List<PendingCount> counts =
        tx.list(
            """
        select {lane}.job, case when waiting then 'WAITING' when state = 1 then 'RUNNING'
            when state = 3 then 'BLOCKED' else 'SCHEDULED' end as status, count(*),
          min(case when state = 0 and held = 0 and not waiting then due_at end)
        from {run} join {lane} on {lane}.id = {run}.lane
        group by {lane}.job, case when waiting then 'WAITING' when state = 1 then 'RUNNING'
            when state = 3 then 'BLOCKED' else 'SCHEDULED' end
        """,
            row ->
                new PendingCount(
                    row.text(),
                    Status.valueOf(row.text()),
                    row.bigNumber(),
                    row.optionalInstant()));
    counts.sort(Comparator.comparing(PendingCount::job).thenComparing(PendingCount::status));
    return counts;
  }

  Optional<Instant> nextDue(String job) throws SQLException {
    Optional<Instant> earliest = Optional.empty();
    for (int lane : tx.list("select id from {lane} where job = ?", Row::number, job)) {
      Optional<Instant> due = tx.first(Claims.NEXT, Row::instant, lane, Marks.BEGINNING);
      if (earliest.isEmpty() || (due.isPresent() && due.get().isBefore(earliest.get()))) {
        earliest = due;
      }
    }
    return earliest;
  }

  private record LastPass(Counters counters, Map<String, String> notes) {
    static final LastPass NONE = new LastPass(Counters.NONE, Map.of());
  }

  /** The conditions that pending and ended runs share. */
  private static final class Filter {
    private final StringBuilder conditions = new StringBuilder();
    private final List<Object> values = new ArrayList<>();

    Filter(String id, RunQuery query) {
      query.after().ifPresent(after -> add(id + " < ?", after));
      query.schedule().ifPresent(schedule -> add("schedule = ?", schedule));
      query.from().ifPresent(from -> add("created_at >= ?", from));
      query.to().ifPresent(to -> add("created_at < ?", to));
      query.tag().ifPresent(this::addTag);
      query.error().ifPresent(text -> addError(id, text));
    }

    private void addError(String id, String text) {
      add(
          "exists (select 1 from {history} p where p.run = " + id + " and " + ERROR + ")",
          text,
          text,
          text);
    }

    /** Tags are JSON text, in which a quote that ends one is never preceded by a backslash. */
    private void addTag(String tag) {
      String json = requireNonNull(Texts.labels(List.of(tag)));
      String first = json.substring(0, json.length() - 1);
      add("(position(? in tags) = 1 or position(? in tags) > 1)", first, "," + first.substring(1));
    }

    void add(String condition, Object... args) {
      conditions.append(conditions.isEmpty() ? " where " : " and ").append(condition);
      values.addAll(List.of(args));
    }

    String text(String order) {
      return conditions + " order by " + order + " limit ?";
    }

    @Nullable Object[] args(int limit) {
      values.add(limit);
      return values.toArray();
    }
  }

  /** A run that has ended, without its large payloads. */
  private record EndedRun(
      Run run,
      long fence,
      String codec,
      byte @Nullable [] input,
      @Nullable String resultCodec,
      byte @Nullable [] result) {
    static EndedRun of(Row row) throws SQLException {
      RunId id = row.run();
      long fence = row.bigNumber();
      String job = row.text();
      RunState state = state(row);
      var counters = new Counters(row.bigNumber(), row.bigNumber());
      Map<String, String> notes = Texts.notes(row.textOrNull());
      int priority = row.number();
      Instant createdAt = row.instant();
      Instant due = row.instant();
      Optional<Instant> startedAt = row.optionalInstant();
      Trigger trigger = HotRun.trigger(row);
      List<String> tags = Texts.labels(row.textOrNull());
      var run =
          new Run(
              id, job, priority, state, createdAt, due, startedAt, trigger, tags, counters, notes,
              false);
      return new EndedRun(
          run, fence, row.text(), row.bytesOrNull(), row.textOrNull(), row.bytesOrNull());
    }

    private static RunState state(Row row) throws SQLException {
      Status status = Status.valueOf(row.text());
      Instant at = row.instant();
      String detail = row.optionalText().orElse("");
      Failure failure = History.failure(row).orElse(Failure.of("", ""));
      return switch (status) {
        case COMPLETED -> new RunState.Completed(at);
        case FAILED -> new RunState.Failed(at, failure);
        case TIMED_OUT -> new RunState.TimedOut(at, failure);
        case CANCELLED -> new RunState.Cancelled(at, detail);
        default -> new RunState.Skipped(at, detail);
      };
    }

    RunRecord record(Map<RunId, byte[]> inputs, Map<RunId, byte[]> results) {
      byte[] in = input == null ? inputs.get(run.id()) : input;
      byte[] out = result == null ? results.get(run.id()) : result;
      return new RunRecord(
          run,
          fence,
          Payloads.of(codec, in, run.id()),
          resultCodec == null
              ? Optional.empty()
              : Optional.of(Payloads.of(resultCodec, out, run.id())));
    }
  }
}
