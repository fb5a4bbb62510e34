// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static java.util.stream.Collectors.joining;

import dev.belfry.run.NodeId;
import dev.belfry.store.Lease;
import dev.belfry.store.StoreException;
import dev.belfry.store.StoreException.Kind;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The SQL of PostgreSQL, from version 13 on. */
final class PostgresSql extends Sql {
  /*
   * A claim locks what it reads and passes over what others have locked, so that nodes share the
   * head of a lane and never wait there. Limits are literal: a plan for any limit may sort all that
   * is due. An error ends the transaction; the few inserts that may meet a rival's row in somebody
   * else's transaction therefore say what to do then.
   */
  private static final int OLDEST = 13;
  private static final int SCHEMA_LOCK = 0x42656c66; // "Belf", as anybody may take advisory locks

  /*
   * READ COMMITTED comes first, as it must; a limit of the connection's own that is less stays. And
   * plans: a statement that is kept is planned once for all values, often while its tables are
   * empty, and would read them whole ever after. All our statements go by indexes, row by row, in
   * the order of their index; the planner is not asked whether something else is cheaper, but for
   * searches. Nor is it to plan again each time, which takes it longer than many a statement takes.
   */
  private static final String PLANS =
      Stream.of("seqscan", "bitmapscan", "hashjoin", "mergejoin", "sort")
              .map(way -> "set_config('enable_" + way + "', 'off', true), ")
              .collect(joining())
          + "set_config('plan_cache_mode', 'force_generic_plan', true), ";

  private static final String ISOLATE = "set transaction isolation level read committed";
  private static final String TIMEOUT = limit("statement_timeout", TIMEOUT_SECONDS);
  private static final String LIMIT = "select " + PLANS + TIMEOUT;
  private static final String BEGIN = ISOLATE + "; select clock_timestamp(), " + PLANS + TIMEOUT;
  private static final String BEGIN_SEARCH = ISOLATE + "; select clock_timestamp(), " + TIMEOUT;

  private static final int IDLE_SECONDS = 5;
  private static final String BEGIN_SHORT =
      BEGIN + ", " + limit("idle_in_transaction_session_timeout", IDLE_SECONDS);

  /*
   * Ids are new, as a rule, and greater than those of all that has ended; one look at history says
   * so for all. Else it is looked up row by row.
   */
  private static final String INSERT =
      """
      insert into {run} (id, lane, due_at, state, held, fence, attempt, opens, first_due, created_at,
          interruptions, cancelled, waiting, kind, actor, schedule, nominal, origin, tags, watched,
          limits, codec, input)
        select id, lane, due, 0, 0, 0, 0, true, due, dated, 0, false, false, kind, actor, schedule,
            nominal, origin, tags, watched, limits, codec, input
          from (select *, coalesce(due_at, dated + delay * interval '1 microsecond') as due
            from %s cross join (select coalesce(?::timestamptz, transaction_timestamp()) as dated)
              clock) fresh
          where (select not exists (select from {history} where run between ? and ?))
            or (select true from {history} where run = fresh.id limit 1) is null
      """
          .formatted(
              rows(
                  "id uuid",
                  "lane int",
                  "due_at timestamptz",
                  "delay bigint",
                  "kind text",
                  "actor text",
                  "schedule text",
                  "nominal timestamptz",
                  "origin uuid",
                  "tags text",
                  "watched bool",
                  "limits text",
                  "codec text",
                  "input bytea"));

  /* To expect that an id is there makes each row's insert half as dear again. */
  private static final String INSERT_ALONE =
      "select transaction_timestamp(), " + PLANS + TIMEOUT + "; " + INSERT;

  /* Before a statement that finds single rows by their ids: of all plans, one alone is wrong. */
  private static final String BEGIN_ONE =
      "select transaction_timestamp(), set_config('enable_seqscan', 'off', true), " + TIMEOUT;

  /* Two thirds as dear as one of many. */
  private static final String INSERT_ONE =
      BEGIN_ONE
          + """
          ; insert into {run} (id, lane, due_at, state, held, fence, attempt, opens, first_due,
              created_at, interruptions, cancelled, waiting, kind, actor, schedule, nominal, origin,
              tags, watched, limits, codec, input)
            select id, ?::int, due, 0, 0, 0, 0, true, due, dated, 0, false, false, ?::text, ?::text,
                ?::text, ?::timestamptz, ?::uuid, ?::text, ?::bool, ?::text, ?::text, ?::bytea
              from (select id, dated,
                  coalesce(due_at, dated + delay * interval '1 microsecond') as due
                from (select ?::uuid as id, ?::timestamptz as due_at, ?::bigint as delay,
                  coalesce(?::timestamptz, transaction_timestamp()) as dated) one) fresh
              where not exists (select from {history} where run = id)
          """;

  /*
   * The rows of the runs are locked first, as Memos does. The node is compared so that its index is
   * of no use, as in a move.
   */
  private static final String RECORD_ALONE =
      "select transaction_timestamp(), "
          + PLANS
          + TIMEOUT
          + """
          ; with fresh as materialized (
            select * from %s),
          held as materialized (
            select {run}.id, {run}.fence from unnest(?::uuid[]) as asked (id)
              join {run} on {run}.id = asked.id and state = 1 and node is not distinct from ?
              for update of {run})
          insert into {memo} (run, scope, step, occurrence, kind, type, state, tries, codec, bytes,
              failure_type, failure_message, failure_trace, written_at)
            select run, scope, step, occurrence, kind, type, state, tries, codec, bytes,
                failure_type, failure_message, failure_trace,
                coalesce(?::timestamptz, transaction_timestamp())
              from fresh join held on held.id = run and held.fence = at_fence
            on conflict do nothing
            returning run, scope, step, occurrence
          """
              .formatted(
                  rows(
                      "run uuid",
                      "at_fence bigint",
                      "scope text",
                      "step text",
                      "occurrence int",
                      "kind text",
                      "type text",
                      "state text",
                      "tries int",
                      "codec text",
                      "bytes bytea",
                      "failure_type text",
                      "failure_message text",
                      "failure_trace text"));

  /* Half as dear as one of many. */
  private static final String RECORD_ONE =
      BEGIN_ONE
          + """
          ; insert into {memo} (scope, step, occurrence, kind, type, state, tries, codec, bytes,
              failure_type, failure_message, failure_trace, written_at, run)
            select ?::text, ?::text, ?::int, ?::text, ?::text, ?::text, ?::int, ?::text, ?::bytea,
                ?::text, ?::text, ?::text, coalesce(?::timestamptz, transaction_timestamp()), id
              from {run}
              where id = ? and fence = ? and state = 1 and node is not distinct from ? for update
            on conflict do nothing
            returning run, scope, step, occurrence
          """;

  /*
   * One lane after another gives up to its quota, in order of due and id, as long as there is room;
   * rows that others lock are passed over. Runs that need slots are locked and counted only.
   */
  private static final String CLAIM =
      """
      with asked as materialized (
        select * from unnest(?::int[], ?::int[], ?::timestamptz[]) as asked (lane, quota, mark)),
      found as materialized (
        select ready.* from asked cross join lateral (
          select id, limits is null or cancelled as free from {run}
            where state = 0 and held = 0 and lane = asked.lane
              and due_at >= asked.mark and due_at <= ?
            order by due_at, id limit asked.quota for update skip locked) ready
          limit ?),
      taken as (
        update {run} set state = 1, waiting = false, node = ?, fence = fence + 1,
            attempt = attempt + opens::int, claimed_at = ?,
            first_claimed_at = coalesce(first_claimed_at, ?)
          from found where {run}.id = found.id and found.free
          returning %s)
      select limited.runs, taken.*
        from (select count(*) as runs from found where not free) limited left join taken on true
      """
          .formatted(HotRun.COLUMNS);

  /*
   * The node is compared so that its index is of no use: it would be read for each run, dead rows
   * included. What a run may gain while a node holds it (a request, a watcher) is taken as it is
   * when the row is deleted.
   */
  private static final String MOVE =
      """
      with ended as materialized (
        select * from %s),
      gone as (
        delete from {run} using ended, {lane}
          where {run}.id = run and state = 1 and fence = at_fence and node is not distinct from ?
            and (held = %d) = ? and not cancel_on and {lane}.id = lane
          returning {run}.id, job, {lane}.priority, fence, attempt, node, claimed_at, created_at,
            first_due, first_claimed_at, kind, actor, schedule, nominal, origin, tags, unique_key,
            watched, codec, input, ended.*),
      past as (
        insert into {history} (run, fence, job, attempt, event, node, started_at, ended_at, ran,
            detail, failure_type, failure_message, failure_trace, succeeded, failed, notes, log,
            status, priority, created_at, first_due, first_claimed_at, kind, actor, schedule,
            nominal, origin, tags, codec, input, result_codec, result)
          select id, fence, job, attempt, event, node,
              claimed_at + waited * interval '1 microsecond', ?, ran, how, failure_type,
              failure_message, failure_trace, succeeded, failed, notes, log, event, priority,
              created_at, first_due, first_claimed_at, kind, actor, schedule, nominal, origin, tags,
              codec, input, result_codec, result
            from gone),
      news as (
        insert into {inbox} (kind, run, job, schedule, status, entered_at)
          select 0, id, job, schedule, event, ? from gone
            where watched
              or exists (select 1 from {subscription} where event >= '@ended/' and event < '@ended0')
                and exists (select 1 from {subscription} where event = '@ended/' || gone.job)),
      counts as (
        insert into {rollup} as old (job, at_minute, node, completed, failed, timed_out, cancelled,
            skipped, total, longest)
          select job, ?, node, count(*) filter (where event = 'COMPLETED'),
              count(*) filter (where event = 'FAILED'), count(*) filter (where event = 'TIMED_OUT'),
              count(*) filter (where event = 'CANCELLED'),
              count(*) filter (where event = 'SKIPPED'),
              coalesce(sum(ran) filter (where event in ('COMPLETED', 'FAILED', 'TIMED_OUT')), 0),
              coalesce(max(ran) filter (where event in ('COMPLETED', 'FAILED', 'TIMED_OUT')), 0)
            from gone group by job, node order by job
          on conflict (job, at_minute, node) do update set
            completed = old.completed + excluded.completed, failed = old.failed + excluded.failed,
            timed_out = old.timed_out + excluded.timed_out,
            cancelled = old.cancelled + excluded.cancelled, skipped = old.skipped + excluded.skipped,
            total = old.total + excluded.total, longest = greatest(old.longest, excluded.longest))
      select id, job, unique_key from gone
      """
          .formatted(
              rows(
                  "run uuid",
                  "at_fence bigint",
                  "waited bigint",
                  "ran bigint",
                  "event text",
                  "how text",
                  "failure_type text",
                  "failure_message text",
                  "failure_trace text",
                  "succeeded bigint",
                  "failed bigint",
                  "notes text",
                  "log text",
                  "result_codec text",
                  "result bytea"),
              Limits.IN_SLOTS);

  PostgresSql(String prefix) {
    super(prefix);
  }

  /**
   * Returns the rows that {@link SqlRows} sends, for a from clause.
   *
   * @param columns names and types, in the order of the parameters
   */
  private static String rows(String... columns) {
    List<String> names = Stream.of(columns).map(column -> column.split(" ", 2)[0]).toList();
    List<String> types = Stream.of(columns).map(column -> column.split(" ", 2)[1]).toList();
    return "(select %s from (select %s) as one (%s) cross join unnest(%s) as many (%s)) rows"
        .formatted(
            each(names, "coalesce(many.%1$s, one.%1$s) as %1$s"),
            each(types, "?::%s"),
            each(names, "%s"),
            each(types, "?::%s[]"),
            each(names, "%s"));
  }

  private static String each(List<String> words, String format) {
    return words.stream().map(format::formatted).collect(joining(", "));
  }

  static PostgresSql of(Connection connection, String prefix) throws SQLException {
    DatabaseMetaData about = connection.getMetaData();
    if (about.getDatabaseMajorVersion() < OLDEST) {
      throw new StoreException(
          Kind.PERMANENT,
          "PostgreSQL "
              + about.getDatabaseProductVersion()
              + " is not supported; needed is "
              + OLDEST
              + " or later",
          null);
    }
    return new PostgresSql(prefix);
  }

  /** Returns what limits a duration until the transaction ends. */
  private static String limit(String setting, int seconds) {
    return """
         case when current_setting('%1$s')::interval not between '1 ms' and '%2$d s'
         then set_config('%1$s', '%2$ds', true) end"""
        .formatted(setting, seconds);
  }

  @Override
  List<String> ddl() {
    return statements(PostgresSchema.TEXT);
  }

  @Override
  String own(Migration step) {
    return step.postgres();
  }

  @Override
  String utcClock() {
    return "date_trunc('second', current_timestamp at time zone 'UTC')";
  }

  /** Both settings end with the transaction. */
  @Override
  Undo beginMigration(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("set local statement_timeout = 0; set local lock_timeout = '1s'");
    }
    return () -> {};
  }

  /** All settings end with the transaction. */
  @Override
  Begun begin(Connection connection) throws SQLException {
    return begin(connection, BEGIN);
  }

  @Override
  Begun beginSearch(Connection connection) throws SQLException {
    return begin(connection, BEGIN_SEARCH);
  }

  @Override
  Begun beginShort(Connection connection) throws SQLException {
    return begin(connection, BEGIN_SHORT);
  }

  private static Begun begin(Connection connection, String text) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(text)) {
      statement.execute();
      statement.getMoreResults();
      try (ResultSet row = statement.getResultSet()) {
        row.next();
        return new Begun(Optional.of(clock(row)), () -> {});
      }
    }
  }

  @Override
  Undo isolate(Connection connection) throws SQLException {
    return set(connection, ISOLATE);
  }

  @Override
  Undo limit(Connection connection) throws SQLException {
    return set(connection, LIMIT);
  }

  private static Undo set(Connection connection, String settings) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(settings);
    }
    return () -> {};
  }

  /**
   * At READ COMMITTED no insert of ours fails because of what is there, and a savepoint costs a
   * number of a transaction. Above, a row that is there but not to be seen is an error.
   */
  @Override
  boolean needsSavepoint(Connection connection) throws SQLException {
    return connection.getTransactionIsolation() > Connection.TRANSACTION_READ_COMMITTED;
  }

  @Override
  Instant now(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement("select clock_timestamp()");
        ResultSet row = statement.executeQuery()) {
      row.next();
      return clock(row);
    }
  }

  private static Instant clock(ResultSet row) throws SQLException {
    return Tx.cut(row.getObject(1, OffsetDateTime.class).toInstant());
  }

  @Override
  String clock() {
    return "statement_timestamp()";
  }

  @Override
  String partOfTime(String column, long seconds) {
    return "cast(floor(extract(epoch from " + column + ") / " + seconds + ") as bigint)";
  }

  /** The outer select sees all leases as they were before the update, hence not this one. */
  @Override
  Optional<Lease.Held> renew(Tx tx, NodeId node, Duration lease) throws SQLException {
    Dated renewal =
        tx.dated(
            """
            with mine as (
              update {node} set
                valid_since = case when lease_until > $now then least(valid_since, $now) else $now end,
                lease_until = $now + cast(? as bigint) * interval '1 microsecond'
              where id = ? and dead_at is null returning lease_until, valid_since)
            select lease_until, valid_since <= $now - cast(? as bigint) * interval '1 microsecond',
              exists (
                select 1 from {node} where dead_at is null and lease_until <= $now and id <> ?)
            from mine""",
            Texts.micros(lease),
            node,
            Texts.micros(lease),
            node);
    return tx.changed(
        renewal.text(),
        row -> new Lease.Held(row.instant(), row.flag(), row.flag()),
        renewal.all());
  }

  @Override
  boolean exclusive(Connection connection) {
    return false;
  }

  /** The lock goes at the end of the transaction; all of version 1 is one. */
  @Override
  void withSchemaLock(Connection connection, SchemaWork work) throws SQLException {
    int name = prefix().toLowerCase(Locale.ROOT).hashCode();
    try (Statement statement = connection.createStatement()) {
      statement.execute("select pg_advisory_xact_lock(" + SCHEMA_LOCK + ", " + name + ")");
    }
    work.run();
  }

  @Override
  String claimable(String columns) {
    return ready(columns).replace(" limit ?", " for update skip locked limit ?");
  }

  @Override
  Optional<String> insertAtOnce() {
    return Optional.of(INSERT + " on conflict (id) do nothing");
  }

  @Override
  Optional<String> insertAlone() {
    return Optional.of(INSERT_ALONE);
  }

  @Override
  Optional<String> insertOne() {
    return Optional.of(INSERT_ONE);
  }

  @Override
  Optional<String> recordAlone() {
    return Optional.of(RECORD_ALONE);
  }

  @Override
  Optional<String> recordOne() {
    return Optional.of(RECORD_ONE);
  }

  @Override
  Optional<String> claimAtOnce() {
    return Optional.of(CLAIM);
  }

  @Override
  Optional<String> move() {
    return Optional.of(MOVE);
  }

  @Override
  String unlocked(String select) {
    return select.replace(" limit ?", " for update of {run} skip locked limit ?");
  }

  @Override
  boolean isClaimableLocked() {
    return true;
  }

  @Override
  boolean hasNotices() {
    return true;
  }

  @Override
  boolean hasLiteralLimits() {
    return true;
  }

  /** Here the planner knows how many rows have which value, if it sees the column. */
  @Override
  String unsorted(String column) {
    return column;
  }

  @Override
  String unlessThere() {
    return " on conflict do nothing";
  }

  @Override
  void bindInstant(PreparedStatement statement, int index, Instant instant) throws SQLException {
    statement.setObject(index, Tx.cut(instant).atOffset(ZoneOffset.UTC));
  }

  @Override
  @Nullable Instant instant(ResultSet row, int column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
