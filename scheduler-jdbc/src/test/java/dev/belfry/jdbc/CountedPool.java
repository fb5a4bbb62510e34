// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A pool that counts what is sent to the database, by kind. For one thread. */
final class CountedPool {
  /** What is sent. */
  enum Kind {
    /** A select, insert, update or delete. */
    STATEMENT,
    /** What sets up a transaction: its isolation, its limits, no autocommit. */
    BEGIN,
    /** A commit or rollback. */
    END
  }

  private final DataSource pool;
  private final Map<Kind, Integer> counts = new TreeMap<>();
  private final Map<String, Integer> texts = new TreeMap<>();

  CountedPool(DataSource pool) {
    this.pool = pool;
  }

  DataSource source() {
    return proxy(
        DataSource.class,
        (method, arguments) -> {
          Object answer = invoke(pool, method, arguments);
          return answer instanceof Connection connection ? counted(connection) : answer;
        });
  }

  int count(Kind kind) {
    return counts.getOrDefault(kind, 0);
  }

  void clear() {
    counts.clear();
    texts.clear();
  }

  /** Returns each statement and how often it was sent. */
  Map<String, Integer> texts() {
    return texts;
  }

  private Connection counted(Connection connection) {
    return proxy(
        Connection.class,
        (method, arguments) -> {
          Object answer = invoke(connection, method, arguments);
          switch (method.getName()) {
            case "commit", "rollback" -> counts.merge(Kind.END, 1, Integer::sum);
            case "setAutoCommit", "setTransactionIsolation" ->
                counts.merge(Kind.BEGIN, 1, Integer::sum);
            default -> {}
          }
          if (answer instanceof PreparedStatement prepared && arguments != null) {
            return counted(PreparedStatement.class, prepared, arguments[0].toString());
          }
          return answer instanceof Statement plain ? counted(Statement.class, plain, "") : answer;
        });
  }

  private <S extends Statement> S counted(Class<S> type, S statement, String prepared) {
    return proxy(
        type,
        (method, arguments) -> {
          if (method.getName().startsWith("execute")) {
            note(arguments == null ? prepared : arguments[0].toString());
          }
          return invoke(statement, method, arguments);
        });
  }

  private void note(String text) {
    String words = text.strip().toLowerCase(Locale.ROOT);
    counts.merge(words.startsWith("set ") ? Kind.BEGIN : Kind.STATEMENT, 1, Integer::sum);
    texts.merge(words.replaceAll("\\s+", " "), 1, Integer::sum);
  }

  private interface Call {
    @Nullable Object on(Method method, Object @Nullable [] arguments) throws Throwable;
  }

  private static <T> T proxy(Class<T> type, Call call) {
    return type.cast(
        Proxy.newProxyInstance(
            CountedPool.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> call.on(method, arguments)));
  }

  private static @Nullable Object invoke(Object real, Method method, Object @Nullable [] arguments)
      throws Throwable {
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
