// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.jdbc.ErrorKinds.Cure;
import dev.belfry.store.StoreException.Kind;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Errors mean one thing, whatever database they come from. */
class ErrorKindsTest {
  @ParameterizedTest(name = "{0} {1}: {2}")
  @CsvSource({
    // PostgreSQL
    "AGAIN, 40001, serialization failure",
    "AGAIN, 40P01, deadlock",
    "AGAIN, 55P03, lock not available",
    "AGAIN, 57014, cancelled or timed out",
    "RECONNECT, 08006, connection failure",
    "RECONNECT, 57P01, ended by an administrator",
    "RECONNECT, 57P02, crash of another session",
    "RECONNECT, 57P03, starting up",
    "RECONNECT, 57P05, idle for too long",
    "RECONNECT, 25P03, idle in transaction for too long",
    "RECONNECT, 25P04, transaction took too long",
    "MOVE, 25006, read-only transaction",
    "WAIT, 53100, disk full",
    "WAIT, 53200, out of memory",
    "WAIT, 53300, too many connections",
    "WAIT, 58030, input or output of the server",
    "WAIT, XX000, unheard of",
    "NONE, 21000, cardinality",
    "NONE, 22001, text too long",
    "NONE, 22021, NUL in a text",
    "NONE, 22P05, NUL in JSON",
    "NONE, 23505, duplicate key",
    "NONE, 28P01, wrong password",
    "NONE, 42P01, no such table",
    "NONE, 42501, no right",
    "NONE, 54000, beyond a limit",
    "NONE, 0A000, not supported",
    // H2
    "AGAIN, HYT00, lock timeout",
    "AGAIN, 50200, lock timeout",
    "AGAIN, 90131, row changed",
    "RECONNECT, 90067, connection broken",
    "RECONNECT, 90098, database closed",
    "RECONNECT, 90121, shutting down",
    "MOVE, 90097, read-only",
    "WAIT, 90028, input or output",
    "WAIT, 90100, disk full",
    "NONE, 42S02, no such table",
    "NONE, 90020, another process has the file",
    "NONE, 90012, parameter not set"
  })
  void states_meanOneThingEach(Cure cure, String state, String words) {
    assertThat(ErrorKinds.cure(new SQLException(words, state))).isEqualTo(cure);
  }

  @ParameterizedTest(name = "{0} {2}: {3}")
  @CsvSource({
    "AGAIN, 40001, 1213, deadlock",
    "AGAIN, HY000, 1205, lock timeout",
    "AGAIN, HY000, 1020, row changed since it was read",
    "AGAIN, 70100, 1317, statement killed",
    "AGAIN, 70100, 1969, statement timed out on MariaDB",
    "AGAIN, HY000, 3024, statement timed out on MySQL",
    "AGAIN, HY000, 3572, lock not available",
    "RECONNECT, 08S01, 1053, shutting down",
    "RECONNECT, 70100, 1927, connection killed",
    "RECONNECT, HY000, 4031, idle for too long",
    "RECONNECT, 08000, 0, socket error",
    "MOVE, HY000, 1290, read-only server",
    "MOVE, 25006, 1792, read-only transaction",
    "MOVE, HY000, 1836, read-only mode",
    "WAIT, HY000, 1021, disk full",
    "WAIT, HY000, 1114, table full",
    "WAIT, 08004, 1040, too many connections",
    "WAIT, 42000, 1203, too many connections of a user",
    "WAIT, 42000, 1226, limit of a user",
    "NONE, 08S01, 1153, packet too large",
    "NONE, 22007, 1366, text that the column does not hold",
    "NONE, 23000, 1062, duplicate key",
    "NONE, 42S02, 1146, no such table"
  })
  void numbersOfMariaAndMySql_meanOneThingEach(Cure cure, String state, int code, String words) {
    assertThat(ErrorKinds.cure(new SQLException(words, state, code))).isEqualTo(cure);
  }

  @ParameterizedTest
  @CsvSource({
    "AGAIN, RETRY, false",
    "RECONNECT, UNAVAILABLE, true",
    "MOVE, UNAVAILABLE, true",
    "WAIT, UNAVAILABLE, false",
    "NONE, PERMANENT, false"
  })
  void cures_tellTheEngineWhatToDo(Cure cure, Kind kind, boolean otherConnection) {
    assertThat(cure.kind()).isEqualTo(kind);
    assertThat(cure.needsOtherConnection()).isEqualTo(otherConnection);
  }

  /** As HikariCP says it, with the state of what it met last, if it met anything. */
  @Test
  void exhaustedPool_isWorthALaterTryWhateverThePoolHasMet() {
    assertThat(
            ErrorKinds.ofBorrowing(
                new SQLTransientConnectionException("request timed out after 30000ms")))
        .isEqualTo(Kind.UNAVAILABLE);
    assertThat(
            ErrorKinds.ofBorrowing(
                new SQLTransientConnectionException("request timed out", "53300")))
        .isEqualTo(Kind.UNAVAILABLE);
    assertThat(
            ErrorKinds.ofBorrowing(
                new SQLTransientConnectionException("request timed out", "28P01")))
        .isEqualTo(Kind.UNAVAILABLE);
  }

  @Test
  void errorsOfCommit_leaveTheOutcomeOpenUnlessTheyRollBack() {
    assertThat(ErrorKinds.ofCommit(new SQLException("x", "08006"))).isEqualTo(Kind.UNKNOWN);
    assertThat(ErrorKinds.ofCommit(new SQLException("x", "90028"))).isEqualTo(Kind.UNKNOWN);
    assertThat(ErrorKinds.ofCommit(new SQLException("x", "40001"))).isEqualTo(Kind.RETRY);
    assertThat(ErrorKinds.ofCommit(new SQLException("x", "23503"))).isEqualTo(Kind.PERMANENT);
  }
}
