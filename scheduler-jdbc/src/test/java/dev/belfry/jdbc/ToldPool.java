// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** A pool that tells what is about to be done, so that something else may come in between. */
public final class ToldPool {
  private ToldPool() {}

  /** Hears what one user of a connection is about to do. */
  @FunctionalInterface
  public interface Listener {
    /**
     * Hears of a call.
     *
     * @param method a method of {@link Connection}
     * @param text its first argument, such as a statement; empty if it has none
     */
    void before(String method, String text) throws InterruptedException;
  }

  /** Returns a pool that asks for a listener before each connection. */
  public static DataSource of(DataSource pool, Callable<Listener> listeners) {
    return Proxies.of(
        DataSource.class,
        (method, arguments) -> {
          if (!method.getName().equals("getConnection")) {
            return Proxies.pass(pool, method, arguments);
          }
          Listener listener = listeners.call();
          return of(pool.getConnection(), listener);
        });
  }

  static DataSource of(DataSource pool, Consumer<String> statements) {
    return of(pool, () -> ofStatements(statements));
  }

  static Connection of(Connection connection, Consumer<String> statements) {
    return of(connection, ofStatements(statements));
  }

  private static Listener ofStatements(Consumer<String> statements) {
    return (method, text) -> {
      if (method.equals("prepareStatement")) {
        statements.accept(text);
      }
    };
  }

  private static Connection of(Connection connection, Listener listener) {
    return Proxies.of(
        Connection.class,
        (method, arguments) -> {
          listener.before(
              method.getName(), arguments.length == 0 ? "" : String.valueOf(arguments[0]));
          return Proxies.pass(connection, method, arguments);
        });
  }

  /** Returns a connection that tells of each call of one method. */
  static Connection watched(Connection connection, String method, Consumer<String> listener) {
    return Proxies.of(
        Connection.class,
        (called, arguments) -> {
          if (called.getName().equals(method)) {
            listener.accept(method);
          }
          return Proxies.pass(connection, called, arguments);
        });
  }

  /** A pool, and the right to lose the answer of the next call of a method of its connections. */
  record Losing(DataSource source, AtomicBoolean next) {
    void lose() {
      next.set(true);
    }
  }

  /** Returns a pool on which a call may be done and yet fail. */
  static Losing losing(DataSource pool, String lost) {
    var next = new AtomicBoolean();
    return new Losing(Proxies.around(pool, real -> losing(real, lost, next)), next);
  }

  private static Connection losing(Connection real, String lost, AtomicBoolean next) {
    return Proxies.of(
        Connection.class,
        (method, arguments) -> {
          Object answer = Proxies.pass(real, method, arguments);
          if (method.getName().equals(lost) && next.getAndSet(false)) {
            throw new SQLException("the answer is lost", "08006");
          }
          return answer;
        });
  }
}
