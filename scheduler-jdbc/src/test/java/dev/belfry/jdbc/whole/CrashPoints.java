// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc.whole;

import dev.belfry.jdbc.Proxies;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/**
 * Connections that tell where their user is: before each statement, and before and after each
 * commit. Between two of these points a process that dies leaves the same behind wherever it is.
 */
final class CrashPoints {
  private static final Pattern SPACE = Pattern.compile("\\s+");
  private static final Pattern NUMBER = Pattern.compile("\\b\\d+\\b|\\?::\\w+|\\?");
  private static final Pattern MANY = Pattern.compile("#(, ?#)+");
  private static final Pattern ROWS = Pattern.compile("(\\(#\\))(, ?\\(#\\))+");
  private static final Pattern UNION =
      Pattern.compile("(\\(select .*?limit #\\))( union all \\1)+");
  private static final Pattern WRITE =
      Pattern.compile("^(insert|update|delete|merge|replace|begin)\\b|\\b(update|insert into) ");

  private CrashPoints() {}

  /** Hears where a connection is. */
  @FunctionalInterface
  interface Listener {
    /** Hears of a point, by a name that is the same in each process. */
    void at(String point) throws SQLException;
  }

  static DataSource of(DataSource pool, Listener listener) {
    return Proxies.around(pool, connection -> new User(connection, listener).proxy());
  }

  /** Returns the text of a statement without what differs from one call to the next. */
  static String normalized(String sql) {
    String text = SPACE.matcher(sql).replaceAll(" ");
    text = NUMBER.matcher(text).replaceAll("#");
    text = MANY.matcher(text).replaceAll("#");
    text = ROWS.matcher(text).replaceAll("$1");
    return UNION.matcher(text).replaceAll("$1").strip();
  }

  /** What one borrower does with a connection. */
  private static final class User {
    private final Connection real;
    private final Listener listener;
    private String transaction = "";

    User(Connection real, Listener listener) {
      this.real = real;
      this.listener = listener;
    }

    Connection proxy() {
      return Proxies.of(
          Connection.class,
          (method, arguments) -> {
            if (method.getName().equals("commit")) {
              listener.at("before the commit of " + transaction);
              Proxies.pass(real, method, arguments);
              listener.at("after the commit of " + transaction);
              transaction = "";
              return null;
            }
            if (method.getName().equals("rollback") && arguments.length == 0) {
              transaction = "";
            }
            Object made = Proxies.pass(real, method, arguments);
            if (made instanceof PreparedStatement prepared) {
              return statement(PreparedStatement.class, prepared, arguments[0].toString());
            }
            return made instanceof Statement plain ? statement(Statement.class, plain, "") : made;
          });
    }

    private <S extends Statement> S statement(Class<S> type, S statement, String prepared) {
      return Proxies.of(
          type,
          (method, arguments) -> {
            if (!method.getName().startsWith("execute")) {
              return Proxies.pass(statement, method, arguments);
            }
            String text =
                normalized(
                    arguments.length > 0 && arguments[0] instanceof String sql ? sql : prepared);
            boolean alone = real.getAutoCommit();
            note(text);
            listener.at("before " + text);
            Object answer = Proxies.pass(statement, method, arguments);
            if (alone) {
              listener.at("after " + text); // it was its own commit
              transaction = "";
            }
            return answer;
          });
    }

    /** A transaction is called after its first write; one that only reads, after its first read. */
    private void note(String text) {
      boolean writes = WRITE.matcher(text).find();
      if (transaction.isEmpty() || (writes && !WRITE.matcher(transaction).find())) {
        transaction = text;
      }
    }
  }
}
