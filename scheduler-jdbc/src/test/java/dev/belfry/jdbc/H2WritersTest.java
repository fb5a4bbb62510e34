// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.run.NodeId;
import dev.belfry.store.StoreException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * H2 keeps a file whole through a kill only while one transaction writes to it at a time. That it
 * does is what {@code KillTest} shows; here it is shown that the store sees to it.
 */
@Timeout(60)
class H2WritersTest {
  private static final String TOUCH = "update {meta} set text = ? where name = 'schema'";
  private static final String OTHER_ROW = "update {meta} set text = ? where name = 'catalog'";
  private static final String LOCK = "select number from {meta} where name = 'catalog' for update";

  @TempDir private Path directory;
  private final List<String> order = new CopyOnWriteArrayList<>();
  private final CountDownLatch written = new CountDownLatch(1);
  private final CountDownLatch finish = new CountDownLatch(1);
  private final Thread first = new Thread(this::writeSlowly, "first writer");
  private Pool pool;
  private Database database;

  @BeforeEach
  void openFile() {
    open("file:" + directory.resolve("app"));
  }

  private void open(String place) {
    pool = Pool.h2("jdbc:h2:" + place);
    pool.open();
    database = new Database(pool, Options.DEFAULT);
    database.open();
  }

  @AfterEach
  void close() throws InterruptedException {
    finish.countDown();
    first.join();
    pool.close();
  }

  @Test
  void writer_waitsForTheEndOfTheOneBeforeIt() throws InterruptedException {
    startFirst();
    Thread second = start(database, OTHER_ROW);

    awaitThatItWaits(second);
    finish.countDown();
    second.join();

    assertThat(order).containsExactly("first", "second");
  }

  @Test
  void lockOfARow_isAWrite() throws InterruptedException {
    startFirst();
    Thread second = new Thread(() -> call(database, tx -> tx.exists(LOCK)));
    second.start();

    awaitThatItWaits(second);
    finish.countDown();
    second.join();

    assertThat(order).containsExactly("first", "second");
  }

  @Test
  void writerOfAnotherStoreOnTheSameFile_waitsToo() throws InterruptedException {
    Pool otherPool = Pool.h2("jdbc:h2:file:" + directory.resolve("app"));
    otherPool.open();
    var other = new Database(otherPool, Options.DEFAULT);
    other.open();
    startFirst();
    Thread second = start(other, OTHER_ROW);

    awaitThatItWaits(second);
    finish.countDown();
    second.join();

    assertThat(order).containsExactly("first", "second");
    otherPool.close();
  }

  @Test
  void reader_waitsForNobody() throws InterruptedException {
    startFirst();

    call(database, tx -> tx.exists("select 1 from {meta} where name = 'schema'"));

    assertThat(order).containsExactly("second");
  }

  @Test
  void writerThatFailed_letsTheNextOneWrite() {
    assertThatThrownBy(() -> call(database, tx -> tx.update("update {meta} set nothing = ?", 1)))
        .isInstanceOf(StoreException.class);

    Thread second = start(database, OTHER_ROW);

    assertThatCode(second::join).doesNotThrowAnyException();
    assertThat(order).containsExactly("second");
  }

  @Test
  void writersOfADatabaseInMemory_doNotWait() throws InterruptedException {
    pool.close();
    open("mem:" + UUID.randomUUID());
    startFirst();

    start(database, OTHER_ROW).join();

    assertThat(order).containsExactly("second");
  }

  @Test
  void bodyOfATransaction_writesAlone() throws InterruptedException {
    var body =
        new Thread(
            () ->
                assertThatThrownBy(
                        () ->
                            database
                                .bodies()
                                .run(
                                    new NodeId(UUID.randomUUID()),
                                    connection -> {
                                      written.countDown();
                                      awaitFinish();
                                      order.add("first");
                                      throw new IllegalStateException("no memo");
                                    }))
                    .hasMessage("no memo"),
            "body");
    body.start();
    assertThat(written.await(30, TimeUnit.SECONDS)).isTrue();
    Thread second = start(database, OTHER_ROW);

    awaitThatItWaits(second);
    finish.countDown();
    second.join();
    body.join();

    assertThat(order).containsExactly("first", "second");
  }

  @Test
  void versionThatLosesCommits_isRefused() {
    assertThatThrownBy(() -> H2Sql.requireDurable("2.5.252 (2026-01-01)"))
        .isInstanceOf(StoreException.class)
        .hasMessage(
            "H2 2.5.252 loses its last commits to a file when its process is killed; use"
                + " com.h2database:h2:2.4.240");
    assertThatCode(() -> H2Sql.requireDurable("2.4.240 (2025-09-22)")).doesNotThrowAnyException();
  }

  private void startFirst() throws InterruptedException {
    first.start();
    assertThat(written.await(30, TimeUnit.SECONDS)).isTrue();
  }

  private void writeSlowly() {
    database
        .transactions()
        .call(
            "write",
            tx -> {
              int rows = tx.update(TOUCH, "first");
              written.countDown();
              awaitFinish();
              order.add("first");
              return rows;
            });
  }

  private void awaitFinish() {
    try {
      finish.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Thread start(Database to, String sql) {
    var thread = new Thread(() -> call(to, tx -> tx.update(sql, "second")), "second writer");
    thread.start();
    return thread;
  }

  private void call(Database to, Transactions.Work<?> work) {
    to.transactions()
        .call(
            "do the second thing",
            tx -> {
              Object done = work.run(tx);
              order.add("second");
              return done;
            });
  }

  private static void awaitThatItWaits(Thread thread) {
    while (thread.isAlive() && thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }
}
