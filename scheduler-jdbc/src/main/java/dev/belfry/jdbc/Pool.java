// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.store.StoreException;
import dev.belfry.store.StoreException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Where connections come from. What it makes itself it makes at first use, and closes. */
final class Pool implements AutoCloseable {
  private final Supplier<DataSource> maker;
  private final boolean owned;
  private final Lender lender = new Lender();
  private @Nullable DataSource source;
  private int opens; // each is ended by a close; the last one frees what was made here
  private boolean closed;

  private Pool(Supplier<DataSource> maker, boolean owned) {
    this.maker = maker;
    this.owned = owned;
  }

  /** Uses a pool that belongs to somebody else. */
  static Pool of(DataSource source) {
    return new Pool(() -> source, false);
  }

  /** Makes a HikariCP pool. */
  static Pool hikari(String url, String user, String password) {
    require(
        "com.zaxxer.hikari.HikariDataSource",
        "JdbcJobStore.open needs HikariCP; add com.zaxxer:HikariCP to the class path, or pass a"
            + " DataSource of your own to JdbcJobStore.using");
    return new Pool(() -> HikariPool.make(url, user, password), true);
  }

  /** Makes H2's own pool, which needs nothing but H2. */
  static Pool h2(String url) {
    require(
        "org.h2.jdbcx.JdbcConnectionPool",
        "JdbcJobStore.embedded needs H2; add com.h2database:h2 to the class path");
    return new Pool(() -> H2Pool.make(url), true);
  }

  private static void require(String type, String sentence) {
    try {
      Class.forName(type, false, Pool.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new StoreException(Kind.PERMANENT, sentence, e);
    }
  }

  /** Notes one more user. */
  synchronized void open() {
    opens++;
    closed = false;
    lender.open();
  }

  /** Returns a connection for a call of ours, which {@link #takeBack} ends. */
  Connection lend(boolean renewal) throws SQLException {
    return lender.lend(source(), renewal);
  }

  /**
   * Ends what {@link #lend} began.
   *
   * @param usable whether the connection may serve another call
   */
  void takeBack(Connection connection, boolean renewal, boolean usable) {
    lender.takeBack(connection, renewal, usable);
  }

  synchronized DataSource source() {
    if (closed) {
      throw new StoreException(
          Kind.UNAVAILABLE, "the store is closed; its open() makes it ready again", null);
    }
    DataSource made = source;
    if (made == null) {
      made = maker.get();
      source = made;
    }
    return made;
  }

  @Override
  public synchronized void close() {
    opens = Math.max(0, opens - 1);
    if (opens > 0) {
      return;
    }
    lender.close();
    if (!owned) {
      return;
    }
    DataSource made = source;
    closed = true;
    source = null;
    if (made == null) {
      return;
    }
    if (made instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (Exception e) {
        throw new StoreException(Kind.UNAVAILABLE, "cannot close the pool: " + e.getMessage(), e);
      }
    } else {
      H2Pool.close(made);
    }
  }
}
