// SPDX-License-Identifier: Apache-2.0
package dev.belfry.examples.orders;

import com.zaxxer.hikari.HikariDataSource;
import dev.belfry.Job;
import dev.belfry.JobContext;
import dev.belfry.Scheduler;
import dev.belfry.jdbc.JdbcJobStore;
import java.io.PrintStream;
import java.sql.Connection;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The same with Spring, which hands out the connection: what is enqueued belongs to the transaction
 * that Spring has begun on the thread, be it by a template or by {@code @Transactional}.
 */
public final class SpringOrders {
  private final DataSource database;
  private final JdbcTemplate jdbc;
  private final TransactionTemplate required;
  private final TransactionTemplate nested;
  private final JdbcJobStore store;
  private final Scheduler scheduler;
  private final PrintStream out;
  private final Job<Order> book = Job.named("book", Order.class).handler(this::book);

  SpringOrders(DataSource database, PrintStream out) {
    var manager = new DataSourceTransactionManager(database);
    this.database = database;
    this.jdbc = new JdbcTemplate(database);
    this.required = new TransactionTemplate(manager);
    this.nested = new TransactionTemplate(manager);
    nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
    this.out = out;
    jdbc.execute("create table orders (id varchar(40), cents bigint)");
    jdbc.execute("create table ledger (id varchar(40), cents bigint)");
    this.store = JdbcJobStore.using(database);
    this.scheduler = Scheduler.builder().store(store).register(book).start();
  }

  /** Keeps everything in memory. */
  public static void main(String[] args) throws Exception {
    try (var database = new HikariDataSource()) {
      database.setJdbcUrl("jdbc:h2:mem:orders");
      new SpringOrders(database, System.out).run();
    }
  }

  void run() throws InterruptedException {
    try (scheduler) {
      required.executeWithoutResult(status -> place(new Order("o-1", 4200)));
      required.executeWithoutResult(
          status -> {
            place(new Order("o-2", 100));
            status.setRollbackOnly();
          });
      required.executeWithoutResult(
          status -> {
            place(new Order("o-3", 1000));
            nested.executeWithoutResult( // a savepoint
                inner -> {
                  place(new Order("o-4", 10));
                  inner.setRollbackOnly();
                });
          });
      scheduler.awaitIdle(Duration.ofSeconds(20));
    }
    out.println("orders " + jdbc.queryForList("select id from orders order by id", String.class));
    out.println("booked " + jdbc.queryForObject("select sum(cents) from ledger", Long.class));
  }

  /** Accepts an order in the transaction of the caller. */
  private void place(Order order) {
    jdbc.update("insert into orders (id, cents) values (?, ?)", order.id(), order.cents());
    Connection connection = DataSourceUtils.getConnection(database);
    try {
      store.within(connection).enqueue(book, order);
    } finally {
      DataSourceUtils.releaseConnection(connection, database);
    }
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            scheduler.wake(); // else the run is found at the next poll
          }
        });
  }

  private void book(JobContext ctx, Order order) {
    ctx.transaction(
        "book",
        Connection.class,
        connection ->
            new JdbcTemplate(new SingleConnectionDataSource(connection, true))
                .update("insert into ledger values (?, ?)", order.id(), order.cents()));
  }
}
