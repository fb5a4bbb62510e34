// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static java.util.Objects.requireNonNull;

import dev.belfry.Enqueuer;
import dev.belfry.run.EventId;
import dev.belfry.run.LedgerPage;
import dev.belfry.run.LedgerQuery;
import dev.belfry.run.NodeId;
import dev.belfry.run.Page;
import dev.belfry.run.Pass;
import dev.belfry.run.RunId;
import dev.belfry.run.RunQuery;
import dev.belfry.store.Accepted;
import dev.belfry.store.Amendment;
import dev.belfry.store.Catalog;
import dev.belfry.store.Claimed;
import dev.belfry.store.Codec;
import dev.belfry.store.Declaration;
import dev.belfry.store.Delivery;
import dev.belfry.store.Demand;
import dev.belfry.store.DueTicks;
import dev.belfry.store.Exchanged;
import dev.belfry.store.Firing;
import dev.belfry.store.Gathered;
import dev.belfry.store.Hint;
import dev.belfry.store.InboxEntry;
import dev.belfry.store.JobStore;
import dev.belfry.store.Lease;
import dev.belfry.store.LookBack;
import dev.belfry.store.Memo;
import dev.belfry.store.MemoWrite;
import dev.belfry.store.NewEvent;
import dev.belfry.store.NewGroup;
import dev.belfry.store.NewRun;
import dev.belfry.store.NodeCard;
import dev.belfry.store.NodeInfo;
import dev.belfry.store.OpenWait;
import dev.belfry.store.Outcome;
import dev.belfry.store.PauseChange;
import dev.belfry.store.PendingCount;
import dev.belfry.store.Purged;
import dev.belfry.store.Records;
import dev.belfry.store.Retention;
import dev.belfry.store.Rollup;
import dev.belfry.store.RollupQuery;
import dev.belfry.store.RunRecord;
import dev.belfry.store.ScheduleRow;
import dev.belfry.store.SentEvent;
import dev.belfry.store.StoreInfo;
import dev.belfry.store.StoreTransaction;
import dev.belfry.store.TransactionCall;
import dev.belfry.store.Verdict;
import dev.belfry.store.WaitHit;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import javax.sql.DataSource;

/**
 * Keeps jobs in a SQL database. Supported are H2, in memory, in a file, or as a server, and
 * PostgreSQL, MariaDB and MySQL.
 *
 * <p>The tables are made, or brought up to date, at {@link #open()}, by whichever node comes first,
 * unless {@link #withoutSchemaCreation()} says otherwise; nodes of the version before go on beside
 * newer tables; their names begin with "belfry_" unless {@link #withTablePrefix} says otherwise.
 * Instants are kept in UTC, whatever the zone of the session.
 *
 * <p>Each call borrows one connection for one short transaction at READ COMMITTED, in which a
 * statement may take 30 seconds, and gives it back as it was. A pool of one connection is enough; a
 * scheduler is faster with three or more. Thread-safe.
 */
public final class JdbcJobStore implements JobStore {
  private static final String SEND = "send events";

  private final Pool pool;
  private final Options options;
  private final Database database;
  private final Records records;
  private final InsertCalls inserts;
  private final MemoCalls memos;
  private final Rounds rounds;
  private final Codec codec = JacksonCodec.create();

  private JdbcJobStore(Pool pool, Options options) {
    this.pool = pool;
    this.options = options;
    this.database = new Database(pool, options);
    this.records = new JdbcRecords(database);
    this.inserts = new InsertCalls(database);
    this.memos = new MemoCalls(database);
    this.rounds = new Rounds(database);
  }

  /**
   * Returns a store in the database of a pool, which stays the caller's and is never closed. An H2
   * file keeps what was acknowledged through the death of the process if its URL has {@code
   * WRITE_DELAY=0} and nothing but stores of this process writes to it; it stays open when a
   * handler is interrupted if the URL begins with {@code jdbc:h2:file:retry:}.
   */
  public static JdbcJobStore using(DataSource pool) {
    return new JdbcJobStore(Pool.of(requireNonNull(pool, "pool")), Options.DEFAULT);
  }

  /**
   * Returns a store with a HikariCP pool of its own, which {@link #close()} closes.
   *
   * @throws dev.belfry.store.StoreException if HikariCP is not on the class path
   */
  public static JdbcJobStore open(String url, String user, String password) {
    return new JdbcJobStore(Pool.hikari(url, user, password), Options.DEFAULT);
  }

  /**
   * Returns a store in an H2 file of this process, made if it does not exist. What was acknowledged
   * survives the death of the process, for each commit is written at once, one after another. No
   * other process can open the file meanwhile; others in this process by the same URL only, {@code
   * jdbc:h2:file:retry:} and the absolute path.
   *
   * @param file the path without H2's ending {@code .mv.db}
   * @throws dev.belfry.store.StoreException if H2 is not on the class path
   */
  public static JdbcJobStore embedded(Path file) {
    if (file.toString().contains(";")) {
      throw new IllegalArgumentException("file must not contain \";\", was \"" + file + "\"");
    }
    String url =
        "jdbc:h2:file:retry:" // else a handler that is interrupted closes the file for all
            + file.toAbsolutePath().normalize()
            + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;QUERY_CACHE_SIZE=64;TRACE_LEVEL_FILE=0";
    return new JdbcJobStore(Pool.h2(url), Options.DEFAULT.named(file.toString()));
  }

  /**
   * Returns this store with other names of tables, so that several stores can share a database.
   * Default: "belfry_".
   *
   * @param prefix what the names begin with: a letter or underscore, then at most 30 letters,
   *     digits and underscores
   */
  public JdbcJobStore withTablePrefix(String prefix) {
    return new JdbcJobStore(pool, options.prefixed(prefix));
  }

  /**
   * Returns this store with a clock in place of the database's, for tests with virtual time. All
   * nodes must then use the same clock.
   */
  public JdbcJobStore withTime(InstantSource clock) {
    return new JdbcJobStore(pool, options.timed(clock));
  }

  /**
   * Returns this store with word sent to the nodes of other processes as soon as there is something
   * to do, and heard from theirs, by PostgreSQL's LISTEN and NOTIFY. Without it, and behind a
   * pooler that gives out connections by transaction, they find out when they next poll. On other
   * databases this changes nothing. Not for callers who prepare their transactions (two-phase
   * commit), which PostgreSQL allows to none that notifies.
   *
   * @param source gives the one connection that listens, which is kept as long as a node runs: the
   *     driver's own {@code DataSource}, or a pool with a connection to spare
   */
  public JdbcJobStore withNotifications(DataSource source) {
    return new JdbcJobStore(pool, options.notified(requireNonNull(source, "source")));
  }

  /**
   * Returns this store, for a database whose tables others make and bring up to date, from {@link
   * #ddl()}.
   */
  public JdbcJobStore withoutSchemaCreation() {
    return new JdbcJobStore(pool, options.uncreated());
  }

  /** Returns this store with another list of steps of its schema, for tests of upgrades. */
  JdbcJobStore withMigrations(Migrations migrations) {
    return new JdbcJobStore(pool, options.migrating(migrations));
  }

  /**
   * Returns the statements that the database which this store is connected to lacks, each ended by
   * a semicolon and a newline: all that make the tables if it is empty, those that change them if
   * they are of an older version, none if it is up to date. Each may be repeated. Changes nothing.
   */
  public String ddl() {
    return database.ddl();
  }

  /**
   * Returns an enqueuer in a transaction of the caller: what it enqueues exists if and only if the
   * caller commits. It adds rows and nothing else: it never commits, rolls back, or closes the
   * connection, and neither changes nor locks a row that is there. When it throws, nothing of the
   * call is left, and the caller may go on, unless the database has given the transaction up. Runs
   * are started when nodes next look, within a poll interval of the commit; {@link
   * dev.belfry.Scheduler#wake()} after the commit has one look at once.
   *
   * <p>In autocommit mode there is no transaction to join. Then each call is one of its own, as if
   * made without a connection: all of an {@code enqueueAll} or nothing is committed when it
   * returns, and the connection is in autocommit mode again.
   *
   * <p>Any isolation will do, but SERIALIZABLE on MariaDB and MySQL, where it would lock what is
   * read. Above READ COMMITTED a unique key that was taken after the transaction began may not be
   * seen; then the call throws a {@link dev.belfry.store.StoreException} of kind RETRY, and the
   * transaction is to be done again. A run that would replace another is refused, as that would
   * change a row. On H2, delays count from the beginning of the transaction.
   *
   * <p>For a moment a second connection is needed: when this store meets a job for the first time
   * and no scheduler has registered it here, and when the time of a unique key is over.
   *
   * @param connection a connection to this store's database, which stays the caller's; to be used
   *     by one thread at a time
   */
  public Enqueuer within(Connection connection) {
    return Enqueuer.within(this, transaction(connection));
  }

  /**
   * Returns what stands for the caller's transaction in {@link #insert(List, StoreTransaction)}, or
   * for a connection in autocommit mode, where each call is a transaction.
   *
   * @param connection a connection to this store's database
   */
  public static StoreTransaction transaction(Connection connection) {
    return new JoinedTransaction(requireNonNull(connection, "connection"));
  }

  @Override
  public StoreInfo open() {
    pool.open();
    try {
      return database.open();
    } catch (RuntimeException refused) {
      pool.close();
      throw refused;
    }
  }

  @Override
  public Codec codec() {
    return codec;
  }

  @Override
  public Instant now() {
    return call("read the clock", Tx::now);
  }

  @Override
  public NodeId join(NodeCard card, Duration lease) {
    return call("join", tx -> Nodes.join(tx, card, lease));
  }

  @Override
  public Lease renew(NodeId node, Duration lease) {
    return database
        .transactions()
        .renew("renew a lease", lease, tx -> Nodes.renew(tx, node, lease));
  }

  @Override
  public List<RunId> reap(NodeId by, Duration lease, int limit) {
    return call("free lost runs", tx -> Nodes.reap(tx, database.lanes(), by, lease, limit));
  }

  @Override
  public List<Claimed> heldBy(NodeId node) {
    return call("read held runs", tx -> Nodes.heldBy(tx, database.lanes(), node));
  }

  @Override
  public boolean leave(NodeId node) {
    return call("leave", tx -> Nodes.leave(tx, node));
  }

  @Override
  public List<NodeInfo> nodes() {
    return call("read nodes", Nodes::list);
  }

  @Override
  public Catalog declare(List<Declaration> declarations) {
    return known(call("declare jobs", tx -> Catalogs.declare(tx, declarations)));
  }

  @Override
  public Catalog catalog() {
    return known(call("read the catalog", Catalogs::read));
  }

  /** Keeps lanes, so that no insert has to look for them on a connection of its own. */
  private Catalog known(Catalog catalog) {
    database.lanes().keep(catalog.lanes());
    return catalog;
  }

  @Override
  public Catalog pause(List<PauseChange> changes) {
    return call("pause or resume", tx -> Catalogs.pause(tx, changes));
  }

  @Override
  public List<Accepted> insert(List<NewRun> runs) {
    return inserts.insert(runs);
  }

  /**
   * {@inheritDoc}
   *
   * <p>A lane that does not exist yet is made on a connection of its own, and so is a unique key
   * freed whose time is over. A run that would replace another is refused, as that would change a
   * row. Nodes learn of the runs when they next look.
   */
  @Override
  public List<Accepted> insert(List<NewRun> runs, StoreTransaction in) {
    return inserts.insert(runs, in.unwrap(Connection.class));
  }

  @Override
  public List<Accepted> insert(NewGroup group) {
    return inserts.insert(group);
  }

  /**
   * {@inheritDoc}
   *
   * <p>As {@link #insert(List, StoreTransaction)}.
   */
  @Override
  public List<Accepted> insert(NewGroup group, StoreTransaction in) {
    return inserts.insert(group, in.unwrap(Connection.class));
  }

  @Override
  public Exchanged exchange(NodeId node, List<Outcome> outcomes, List<Demand> demands) {
    return rounds.exchange(node, outcomes, demands);
  }

  @Override
  public List<Verdict> amend(List<Amendment> changes) {
    database.makeLanes(Inserts.lanesOf(Amendments.newRuns(changes)));
    return call("change runs", tx -> new Amendments(tx, database.lanes()).amend(changes));
  }

  @Override
  public Map<RunId, List<Memo>> memos(Collection<RunId> runs) {
    return call("read memos", tx -> Memos.read(tx, runs));
  }

  @Override
  public List<Verdict> record(NodeId node, List<MemoWrite> writes) {
    return memos.record(node, writes);
  }

  /**
   * {@inheritDoc}
   *
   * <p>The resource is a {@link Connection} of the pool, in a transaction at READ COMMITTED without
   * a time limit of ours. Calls that would end the transaction throw {@link IllegalStateException},
   * and so does every use after it; savepoints may be set. On an H2 file nothing else of this
   * process is written through a store meanwhile.
   */
  @Override
  public <C, X extends Exception> Verdict transact(
      NodeId node, Class<C> resource, TransactionCall<? super C, MemoWrite, X> work) throws X {
    if (!resource.equals(Connection.class)) {
      throw new IllegalArgumentException(
          "a JdbcJobStore has transactions of java.sql.Connection, not of " + resource.getName());
    }
    return database.bodies().run(node, connection -> work.call(resource.cast(connection)));
  }

  @Override
  public List<WaitHit> lookBack(List<LookBack> questions, int limit) {
    return call("look back for events", tx -> Waits.lookBack(tx, questions, limit));
  }

  @Override
  public DueTicks dueTicks(Set<String> jobs, Set<String> declared, int limit) {
    return call("read due schedules", tx -> Schedules.due(tx, jobs, declared, limit));
  }

  @Override
  public List<Verdict> fire(List<Firing> firings) {
    database.makeLanes(Inserts.lanesOf(Ticks.newRuns(firings)));
    return call("fire ticks", tx -> new Ticks(tx, database.lanes()).fire(firings));
  }

  @Override
  public Page<ScheduleRow> schedules(Optional<String> afterId, int limit) {
    return call("read schedules", tx -> Schedules.page(tx, afterId, limit));
  }

  @Override
  public List<ScheduleRow> schedulesOf(String job, int limit) {
    return call("read schedules of a job", tx -> Schedules.ofJob(tx, job, limit));
  }

  @Override
  public Optional<ScheduleRow> schedule(String id) {
    return call("read a schedule", tx -> Schedules.read(tx, id));
  }

  @Override
  public void send(List<NewEvent> events) {
    call(SEND, tx -> Events.send(tx, events));
  }

  @Override
  public void send(List<NewEvent> events, StoreTransaction in) {
    Transactions.Work<Integer> send = tx -> Events.send(tx, events);
    database.within(in.unwrap(Connection.class), SEND, send, send);
  }

  @Override
  public List<OpenWait> openWaits(
      String event, Optional<String> key, Optional<OpenWait> after, int limit) {
    return call("read waits", tx -> Waits.find(tx, event, key, after, limit));
  }

  @Override
  public List<InboxEntry> inbox(int limit) {
    return call("read the inbox", tx -> Deliveries.inbox(tx, limit));
  }

  @Override
  public Map<String, Set<String>> subscribers(Set<String> events) {
    return call("read subscriptions", tx -> Events.subscribers(tx, events));
  }

  @Override
  public List<SentEvent> events(Collection<EventId> ids) {
    return call("read events", tx -> Events.find(tx, ids));
  }

  @Override
  public List<Verdict> deliver(List<Delivery> deliveries) {
    database.makeLanes(Inserts.lanesOf(Deliveries.newRuns(deliveries)));
    return call("deliver", tx -> new Deliveries(tx, database.lanes()).deliver(deliveries));
  }

  @Override
  public Page<RunRecord> runs(RunQuery query) {
    return database
        .transactions()
        .search("read runs", tx -> new Queries(tx, database.lanes()).page(query));
  }

  @Override
  public List<RunRecord> runs(Collection<RunId> ids) {
    return call("read runs", tx -> new Queries(tx, database.lanes()).byId(ids));
  }

  @Override
  public List<Pass> passes(RunId run) {
    return call("read passes", tx -> History.read(tx, run));
  }

  @Override
  public LedgerPage ledger(LedgerQuery query) {
    return call("read the ledger", tx -> new LedgerReader(tx, query).page());
  }

  @Override
  public Optional<Gathered> gathered(RunId run) {
    return call("read what is gathered", tx -> Gathering.of(tx, run));
  }

  @Override
  public Optional<Instant> nextDue(String job) {
    return call("read due times", tx -> new Queries(tx, database.lanes()).nextDue(job));
  }

  @Override
  public List<PendingCount> pending() {
    return call("count runs", tx -> new Queries(tx, database.lanes()).pending());
  }

  @Override
  public List<Rollup> rollups(RollupQuery query) {
    return call("read statistics", tx -> Rollups.read(tx, query));
  }

  @Override
  public Records records() {
    return records;
  }

  @Override
  public Purged purge(Retention retention, int limit) {
    return call("delete old history", tx -> new Purge(tx, retention, limit, Stopwatch.CLOCK).run());
  }

  @Override
  public Subscription onHint(Consumer<? super Hint> listener) {
    return database.listen(listener);
  }

  @Override
  public void close() {
    pool.close();
  }

  private <T> T call(String what, Transactions.Work<T> work) {
    return database.transactions().call(what, work);
  }
}
