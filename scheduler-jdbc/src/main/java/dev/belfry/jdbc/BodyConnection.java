// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The connection as the body of a transaction sees it: it can't end the transaction, and is of no
 * use after it. Savepoints are the body's to set and to go back to.
 */
final class BodyConnection implements InvocationHandler {
  /*
   * A guard against slips, no more: whoever unwraps the driver's connection, asks a statement for
   * it, or executes the text "commit" gets by.
   */
  private static final Set<String> ENDS =
      Set.of("commit", "rollback", "close", "abort", "setAutoCommit", "setTransactionIsolation");

  private final Connection real;
  private final Map<Integer, Instant> readyLanes = new HashMap<>();
  private volatile boolean over;

  BodyConnection(Connection real) {
    this.real = real;
  }

  /** Returns what the body is handed. */
  Connection proxy() {
    return (Connection)
        Proxy.newProxyInstance(
            BodyConnection.class.getClassLoader(), new Class<?>[] {Connection.class}, this);
  }

  /** Returns what is behind a connection, if it is one that a body was handed. */
  static Optional<BodyConnection> behind(Connection connection) {
    return Proxy.isProxyClass(connection.getClass())
            && Proxy.getInvocationHandler(connection) instanceof BodyConnection body
        ? Optional.of(body)
        : Optional.empty();
  }

  /** Notes runs that will be ready after the commit. */
  void ready(Map<Integer, Instant> lanes) {
    lanes.forEach(
        (lane, due) ->
            readyLanes.merge(lane, due, (one, other) -> one.isBefore(other) ? one : other));
  }

  Map<Integer, Instant> readyLanes() {
    return readyLanes;
  }

  /** Takes the connection away from the body. */
  void end() {
    over = true;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // a proxy is itself
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    String name = method.getName();
    boolean toSavepoint = name.equals("rollback") && arguments != null;
    if (name.equals("equals") && arguments != null) {
      return proxy == arguments[0];
    } else if (over && !name.equals("hashCode") && !name.equals("toString")) {
      throw new IllegalStateException(
          "the transaction of this connection is over; it can't be used any more");
    } else if (ENDS.contains(name) && !toSavepoint) {
      throw new IllegalStateException(
          name
              + " must not be called in ctx.transaction: what its body does is committed with its"
              + " memo when it returns, and rolled back when it throws");
    }
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
