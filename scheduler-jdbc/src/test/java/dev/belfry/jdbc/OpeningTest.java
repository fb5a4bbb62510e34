// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.store.StoreException;
import dev.belfry.store.StoreException.Kind;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLTransientConnectionException;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused or made before there is a database. */
class OpeningTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "1a", "a-b", "a b", "a\"b", "abcdefghijklmnopqrstuvwxyz_0123456"})
  void prefix_isRefusedUnlessItIsAName(String prefix) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> JdbcJobStore.embedded(Path.of("x")).withTablePrefix(prefix))
        .withMessage(
            "table prefix must be a letter or underscore and at most 30 letters, digits and"
                + " underscores, was \""
                + prefix
                + "\"");
  }

  @Test
  void embedded_refusesAPathThatWouldChangeTheUrl() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> JdbcJobStore.embedded(Path.of("x;INIT=y")))
        .withMessage("file must not contain \";\", was \"x;INIT=y\"");
  }

  @Test
  void open_refusesADatabaseThatIsNotSupported() {
    assertThatThrownBy(() -> JdbcJobStore.using(productNamed("Apache Derby")).open())
        .isInstanceOf(StoreException.class)
        .hasMessage(
            "database \"Apache Derby\" is not supported; supported are: H2, PostgreSQL, MariaDB, MySQL")
        .extracting(e -> ((StoreException) e).kind())
        .isEqualTo(Kind.PERMANENT);
  }

  private static DataSource productNamed(String name) {
    var about = answering(DatabaseMetaData.class, "getDatabaseProductName", name);
    var connection = answering(Connection.class, "getMetaData", about);
    return answering(DataSource.class, "getConnection", connection);
  }

  /** Returns an object with one answer; the rest is false or nothing. */
  private static <T> T answering(Class<T> type, String method, Object answer) {
    return Proxies.of(
        type,
        (called, arguments) -> {
          if (called.getName().equals(method)) {
            return answer;
          }
          return called.getReturnType() == boolean.class ? false : null;
        });
  }

  @Test
  void poolThatGivesNoConnection_isUnavailable() {
    DataSource empty =
        Proxies.of(
            DataSource.class,
            (method, arguments) -> {
              throw new SQLTransientConnectionException("no connection after 30 s");
            });

    assertThatThrownBy(() -> JdbcJobStore.using(empty).open())
        .hasMessage("cannot open the store: no connection after 30 s (SQLState null)")
        .extracting(e -> ((StoreException) e).kind())
        .isEqualTo(Kind.UNAVAILABLE);
  }

  @Test
  void open_makesAPoolOfItsOwn() {
    String url = "jdbc:h2:mem:" + UUID.randomUUID();
    try (JdbcJobStore store = JdbcJobStore.open(url, "sa", "")) {
      assertThat(store.open().product()).startsWith("H2 ");
    }
  }
}
