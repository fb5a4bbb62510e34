// SPDX-License-Identifier: Apache-2.0
package dev.belfry.examples.orders;

import com.zaxxer.hikari.HikariDataSource;
import dev.belfry.Job;
import dev.belfry.JobContext;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.jdbc.JdbcJobStore;
import dev.belfry.retry.RetryPolicy;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * Orders by plain JDBC: an order and the job that books it are one commit, and the job's own rows
 * are booked exactly once, though its first attempt fails after that.
 */
public final class PlainOrders {
  private final DataSource database;
  private final JdbcJobStore store;
  private final PrintStream out;
  private final Job<Order> book =
      Job.named("book", Order.class)
          .retry(RetryPolicy.fixed(Duration.ofMillis(100)))
          .handler(this::book);

  PlainOrders(DataSource database, PrintStream out) {
    this.database = database;
    this.store = JdbcJobStore.using(database);
    this.out = out;
  }

  /** Keeps everything in an H2 file, {@code data/orders}. */
  public static void main(String[] args) throws Exception {
    try (var database = new HikariDataSource()) {
      database.setJdbcUrl("jdbc:h2:file:retry:./data/orders;WRITE_DELAY=0");
      new PlainOrders(database, System.out).run();
    }
  }

  void run() throws SQLException, InterruptedException {
    makeTables();
    try (Scheduler scheduler = Scheduler.builder().store(store).register(book).start()) {
      RunHandle run = place(new Order("o-1", 4200));
      scheduler.wake(); // else the run is found at the next poll
      run.await(Duration.ofSeconds(20));
      try {
        place(new Order("o-2", -1));
      } catch (SQLException refused) {
        out.println("o-2 was refused, and so is not booked either");
      }
      scheduler.awaitIdle(Duration.ofSeconds(20));
    }
    out.println("orders " + sum("select count(*) from orders"));
    out.println("booked " + sum("select sum(cents) from ledger"));
  }

  /** Accepts an order: its row and the run that books it exist both, or neither does. */
  private RunHandle place(Order order) throws SQLException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      RunHandle run = store.within(connection).enqueue(book, order);
      insert(connection, "insert into orders (id, cents) values (?, ?)", order);
      connection.commit();
      return run;
    }
  }

  private void book(JobContext ctx, Order order) throws SQLException, IOException {
    ctx.transaction(
        "book",
        Connection.class,
        connection -> insert(connection, "insert into ledger (id, cents) values (?, ?)", order));
    out.println("attempt " + ctx.attempt() + ": " + order.id() + " is booked");
    if (ctx.attempt() == 1) {
      throw new IOException("the printer is on fire"); // the next attempt does not book again
    }
  }

  private static void insert(Connection connection, String sql, Order order) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, order.id());
      statement.setLong(2, order.cents());
      statement.executeUpdate();
    }
  }

  private void makeTables() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("create table orders (id varchar(40), cents bigint check (cents > 0))");
      statement.execute("create table ledger (id varchar(40), cents bigint)");
    }
  }

  private long sum(String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }
}
