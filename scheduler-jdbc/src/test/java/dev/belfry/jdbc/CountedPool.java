// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;

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
    return Proxies.around(pool, this::counted);
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
    return Proxies.of(
        Connection.class,
        (method, arguments) -> {
          Object answer = Proxies.pass(connection, method, arguments);
          switch (method.getName()) {
            case "commit", "rollback" -> counts.merge(Kind.END, 1, Integer::sum);
            case "setAutoCommit", "setTransactionIsolation" ->
                counts.merge(Kind.BEGIN, 1, Integer::sum);
            default -> {}
          }
          if (answer instanceof PreparedStatement prepared) {
            return counted(PreparedStatement.class, prepared, arguments[0].toString());
          }
          return answer instanceof Statement plain ? counted(Statement.class, plain, "") : answer;
        });
  }

  private <S extends Statement> S counted(Class<S> type, S statement, String prepared) {
    return Proxies.of(
        type,
        (method, arguments) -> {
          if (method.getName().startsWith("execute")) {
            note(arguments.length == 0 ? prepared : arguments[0].toString());
          }
          return Proxies.pass(statement, method, arguments);
        });
  }

  private void note(String text) {
    String words = text.strip().toLowerCase(Locale.ROOT);
    counts.merge(words.startsWith("set ") ? Kind.BEGIN : Kind.STATEMENT, 1, Integer::sum);
    texts.merge(words.replaceAll("\\s+", " "), 1, Integer::sum);
  }
}
