// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Renewals wait for nobody where that can be. */
class LenderTest {
  private final Lender lender = new Lender();
  private final BlockingQueue<String> order = new LinkedBlockingQueue<>();
  private int made;

  @BeforeEach
  void openLender() {
    lender.open();
  }

  /** Returns a pool of so many connections, whose callers wait for ever. */
  private DataSource pool(Semaphore free) {
    return Proxies.of(
        DataSource.class,
        (method, arguments) -> {
          free.acquire();
          made++;
          return connection(free);
        });
  }

  private static Connection connection(Semaphore free) {
    return Proxies.of(
        Connection.class,
        (method, arguments) -> {
          free.release();
          return null;
        });
  }

  private Thread borrower(DataSource pool, boolean renewal) {
    var thread =
        new Thread(
            () -> {
              try {
                Connection connection = lender.lend(pool, renewal);
                order.add(renewal ? "renewal" : "other");
                lender.takeBack(connection, renewal, true);
              } catch (SQLException e) {
                order.add(e.toString());
              }
            });
    thread.start();
    return thread;
  }

  private static void awaitWaiting(Thread thread) {
    while (thread.getState() != Thread.State.WAITING
        && thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
  }

  @Test
  void onlyConnection_isNeverKept() throws Exception {
    var free = new Semaphore(1);
    DataSource pool = pool(free);

    for (int i = 0; i < 3; i++) {
      lender.takeBack(lender.lend(pool, true), true, true);
    }

    assertThat(free.availablePermits()).isEqualTo(1);
    assertThat(made).isEqualTo(3);
  }

  @Test
  void onlyConnection_goesToTheRenewalBeforeAllThatWaitLonger() throws Exception {
    DataSource pool = pool(new Semaphore(1));
    Connection first = lender.lend(pool, false);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      threads.add(borrower(pool, false));
      awaitWaiting(threads.get(i));
    }
    threads.add(borrower(pool, true));
    awaitWaiting(threads.get(5));

    lender.takeBack(first, false, true);
    for (Thread thread : threads) {
      thread.join(TimeUnit.SECONDS.toMillis(20));
    }

    assertThat(order).containsExactly("other", "renewal", "other", "other", "other", "other");
  }

  @Test
  void connectionOfARenewal_isKeptOnceThereAreTwo() throws Exception {
    var free = new Semaphore(2);
    DataSource pool = pool(free);
    Connection one = lender.lend(pool, false);
    lender.takeBack(lender.lend(pool, true), true, true);
    assertThat(free.availablePermits()).isZero();

    Connection kept = lender.lend(pool, true); // though the pool is exhausted
    lender.takeBack(kept, true, true);
    lender.takeBack(one, false, true);

    assertThat(made).isEqualTo(2);
    lender.close();
    assertThat(free.availablePermits()).isEqualTo(2);
  }

  @Test
  void renewalBesideOneThatHangs_borrowsLikeOthers() throws Exception {
    var free = new Semaphore(3);
    DataSource pool = pool(free);
    Connection one = lender.lend(pool, false);
    lender.takeBack(lender.lend(pool, true), true, true);
    Connection hanging = lender.lend(pool, true);

    lender.takeBack(lender.lend(pool, true), true, true);

    lender.takeBack(hanging, true, false);
    lender.takeBack(one, false, true);
    assertThat(free.availablePermits()).isEqualTo(3);
    assertThat(made).isEqualTo(3);
  }

  @Test
  void keptConnectionThatIsInUseWhenAllIsClosed_isGivenBackAfterwards() throws Exception {
    var free = new Semaphore(2);
    DataSource pool = pool(free);
    Connection one = lender.lend(pool, false);
    lender.takeBack(lender.lend(pool, true), true, true);
    Connection renewing = lender.lend(pool, true);

    lender.close();
    lender.takeBack(renewing, true, true);
    lender.takeBack(one, false, true);

    assertThat(free.availablePermits()).isEqualTo(2);
  }
}
