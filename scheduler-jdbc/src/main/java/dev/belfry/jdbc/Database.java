// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static java.util.Objects.requireNonNull;

import dev.belfry.store.Hint;
import dev.belfry.store.JobStore.Subscription;
import dev.belfry.store.StoreException;
import dev.belfry.store.StoreException.Kind;
import dev.belfry.store.StoreInfo;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The database of a store, opened at first use. Thread-safe. */
final class Database {
  /*
   * Who a process is, so that a store which nobody else can open knows the nodes of this process
   * from those of one that is gone. A process id alone comes again, in a container at each start.
   */
  private static final String PROCESS =
      ProcessHandle.current().pid()
          + "@"
          + ProcessHandle.current().info().startInstant().map(Instant::toString).orElse("unknown");
  private static final String SECOND_PROCESS = "90020";

  private static final Object TAKING_OVER = new Object(); // one store of a process does it

  private final Pool pool;
  private final Options options;
  private final Lanes lanes = new Lanes();
  private final Marks marks = new Marks();
  private final Hints hints = new Hints(marks);
  private final Optional<Notices> notices;
  private volatile @Nullable Access access;

  Database(Pool pool, Options options) {
    this.pool = pool;
    this.options = options;
    this.notices = options.notices().map(source -> new Notices(source, hints::pass));
  }

  Lanes lanes() {
    return lanes;
  }

  Marks marks() {
    return marks;
  }

  /** Adds somebody who wants to hear of new work, of other processes too if they tell. */
  Subscription listen(Consumer<? super Hint> listener) {
    Access opened = access();
    Subscription here = hints.add(listener);
    opened.notices().ifPresent(present -> present.listen(opened.sql()));
    return () -> {
      here.close();
      opened.notices().ifPresent(Notices::deaf);
    };
  }

  /** Returns the way to the tables, once they are there. */
  private Access access() {
    Access opened = access;
    if (opened == null) {
      open();
      opened = requireNonNull(access);
    }
    return opened;
  }

  /** Returns what runs transactions of our own. */
  Transactions transactions() {
    return new Transactions(access());
  }

  /** Returns the statement for so many runs in one message, where that is all there is to do. */
  Optional<String> insertAlone(int runs) {
    Access opened = access();
    if (opened.notices().isPresent()) {
      return Optional.empty();
    }
    return runs == 1 ? opened.sql().insertOne() : opened.sql().insertAlone();
  }

  /** Returns the statement that writes so many new memos in one message, if there is one. */
  Optional<String> recordAlone(int memos) {
    Sql sql = access().sql();
    return memos == 1 ? sql.recordOne() : sql.recordAlone();
  }

  /**
   * Does something on a connection of the caller.
   *
   * @param joined is done in the transaction that is there
   * @param alone is done if there is none, in one of its own
   */
  <T> T within(
      Connection connection, String what, Transactions.Work<T> joined, Transactions.Work<T> alone) {
    return CallersTransaction.isMissing(connection)
        ? transactions().callOn(connection, what, alone)
        : new CallersTransaction(connection, access()).call(what, joined);
  }

  /** Returns what commits the bodies of transactions. */
  BodyTransaction bodies() {
    return new BodyTransaction(access());
  }

  /** Makes sure that lanes exist; known ones cost nothing. */
  void makeLanes(Map<Lanes.Name, String> names) {
    lanes.ensure(transactions().with(hints::afterLanes), names);
  }

  String ddl() {
    return connected("find out what the database lacks", c -> settled(c, this::missing));
  }

  private String missing(Connection connection) throws SQLException {
    Sql sql = Sql.of(connection, options.prefix());
    return new SchemaSetup(sql, connection, options.migrations()).missing();
  }

  synchronized StoreInfo open() {
    Opened opened = connected("open the store", c -> settled(c, this::open));
    var made =
        new Access(
            pool,
            opened.sql,
            options.clock(),
            notices.filter(usable -> opened.sql.hasNotices()),
            hints::afterCommit);
    int recovered = opened.shared ? 0 : takeOver(new Transactions(made));
    access = made;
    return new StoreInfo(opened.product, opened.schema, opened.shared, recovered);
  }

  private Opened open(Connection connection) throws SQLException {
    Sql sql = Sql.of(connection, options.prefix());
    Sql.Undo undo = sql.begin(connection).undo();
    int schema = new SchemaSetup(sql, connection, options.migrations()).run(options.create());
    boolean shared = !sql.exclusive(connection);
    connection.rollback();
    undo.run();
    return new Opened(sql, product(connection), schema, shared);
  }

  /** Does something outside of autocommit mode, leaves nothing undecided, and goes back to it. */
  private static <T> T settled(Connection connection, Work<T> work) throws SQLException {
    boolean autoCommit = connection.getAutoCommit();
    connection.setAutoCommit(false);
    try {
      T done = work.run(connection);
      settle(connection, autoCommit);
      return done;
    } catch (SQLException | RuntimeException e) {
      try {
        settle(connection, autoCommit);
      } catch (SQLException broken) {
        e.addSuppressed(broken);
      }
      throw e;
    }
  }

  private static void settle(Connection connection, boolean autoCommit) throws SQLException {
    connection.rollback(); // going back would commit
    connection.setAutoCommit(autoCommit);
  }

  private static String product(Connection connection) throws SQLException {
    DatabaseMetaData about = connection.getMetaData();
    String version = about.getDatabaseProductVersion();
    return about.getDatabaseProductName() + " " + version.split(" ", 2)[0];
  }

  /** Frees what the nodes of an earlier process held: nobody else can be at work here. */
  private int takeOver(Transactions own) {
    synchronized (TAKING_OVER) {
      boolean known =
          own.call(
              "see who had the store",
              tx -> tx.exists("select 1 from {meta} where name = 'process' and text = ?", PROCESS));
      if (known) {
        return 0;
      }
      own.call(
          "take the store over",
          tx -> {
            Nodes.killAll(tx);
            tx.update("delete from {meta} where name = 'process'");
            return tx.update(
                "insert into {meta} (name, number, text) values ('process', 0, ?)", PROCESS);
          });
    }
    int freed = 0;
    int more = 1;
    while (more > 0) {
      more = own.call("free lost runs", tx -> Nodes.free(tx, lanes, 1_000)).size();
      freed += more;
    }
    return freed;
  }

  private <T> T connected(String what, Work<T> work) {
    try (Connection connection = pool.source().getConnection()) {
      return work.run(connection);
    } catch (SQLException e) {
      throw exception(what, e);
    }
  }

  private StoreException exception(String what, SQLException error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && SECOND_PROCESS.equals(sql.getSQLState())) {
        return new StoreException(
            Kind.PERMANENT,
            "cannot open \""
                + options.file().orElse("the database")
                + "\": another process has it open; an embedded H2 file serves one process, use"
                + " its server mode or another database for several",
            error);
      }
    }
    return ErrorKinds.exception(ErrorKinds.of(error), what, error);
  }

  private record Opened(Sql sql, String product, int schema, boolean shared) {}

  /** Something to do on a connection. */
  @FunctionalInterface
  private interface Work<T> {
    T run(Connection connection) throws SQLException;
  }
}
