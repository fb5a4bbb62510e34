// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.store.StoreException;
import dev.belfry.store.StoreException.Kind;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the store does about each sort of error. */
class CuresTest extends StoreBase {
  private final List<String> calls = new ArrayList<>();
  private JdbcJobStore store;
  private int failures;
  private String failing = "prepareStatement";
  private SQLException error = new SQLException("planned");

  @Override
  Product product() {
    return Product.H2;
  }

  @BeforeEach
  void openStore() {
    store = JdbcJobStore.using(failing());
    store.insert(List.of(newRun()));
  }

  /** Returns connections whose next calls of one method fail as planned, and that note the ends. */
  private DataSource failing() {
    DataSource connections = Proxies.around(pool, this::failing);
    return Proxies.of(
        DataSource.class,
        (method, arguments) -> {
          plan(method);
          return Proxies.pass(connections, method, arguments);
        });
  }

  private Connection failing(Connection real) {
    return Proxies.of(
        Connection.class,
        (method, arguments) -> {
          plan(method);
          if (List.of("abort", "rollback", "close", "commit").contains(method.getName())) {
            calls.add(method.getName());
          }
          return method.getName().equals("abort") ? null : Proxies.pass(real, method, arguments);
        });
  }

  private void plan(Method method) throws SQLException {
    if (failures > 0 && method.getName().equals(failing)) {
      failures--;
      throw error;
    }
  }

  private void failNext(int times, String method, String state) {
    failing = method;
    error = new SQLException("planned", state);
    failures = times;
    calls.clear();
  }

  private Kind kindOfInsert() {
    var thrown = new ArrayList<StoreException>();
    assertThatThrownBy(() -> store.insert(List.of(newRun())))
        .isInstanceOfSatisfying(StoreException.class, thrown::add);
    return thrown.get(0).kind();
  }

  @ParameterizedTest
  @ValueSource(strings = {"40001", "40P01", "57014", "55P03"})
  void rivalInTheWay_isTriedAgainAtOnceOnAFreshTransaction(String state) {
    failNext(2, "prepareStatement", state);

    store.insert(List.of(newRun()));

    assertThat(calls).containsExactly("rollback", "close", "rollback", "close", "commit", "close");
  }

  @Test
  void rivalThatStaysInTheWay_isLeftToALaterCall() {
    failNext(100, "prepareStatement", "40001");

    assertThat(kindOfInsert()).isEqualTo(Kind.RETRY);
    assertThat(failures).isEqualTo(92);
  }

  @ParameterizedTest
  @ValueSource(strings = {"08006", "57P01", "25P03", "25006"})
  void brokenOrReadOnlyConnection_isEndedBeforeItsPoolGetsIt(String state) {
    failNext(1, "prepareStatement", state);

    assertThat(kindOfInsert()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(calls).containsExactly("abort", "rollback", "close");
  }

  @ParameterizedTest
  @ValueSource(strings = {"53100", "53200", "XX000"})
  void serverWithoutRoom_keepsItsConnection(String state) {
    failNext(1, "prepareStatement", state);

    assertThat(kindOfInsert()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(calls).containsExactly("rollback", "close");
  }

  @Test
  void wrongCall_isNotRepeated() {
    failNext(1, "prepareStatement", "42501");

    assertThat(kindOfInsert()).isEqualTo(Kind.PERMANENT);
    assertThat(calls).containsExactly("rollback", "close");
  }

  @Test
  void noConnection_isNobodysFault() {
    failNext(1, "getConnection", "28P01");

    assertThat(kindOfInsert()).isEqualTo(Kind.UNAVAILABLE);
  }

  @Test
  void commitWithoutAnAnswer_leavesTheOutcomeOpen() {
    failNext(1, "commit", "08006");

    assertThat(kindOfInsert()).isEqualTo(Kind.UNKNOWN);
    assertThat(calls).containsExactly("abort", "rollback", "close");
  }
}
