// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.store.StoreException.Kind;
import java.sql.SQLException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Errors mean one thing, whatever database they come from. */
class ErrorKindsTest {
  @Test
  void errors_haveOneMeaningEach() {
    for (String[] row :
        new String[][] {
          {"RETRY", "40001", "40P01", "HYT00", "50200", "57014", "55P03", "90131"},
          {"UNAVAILABLE", "08006", "90067", "90098", "90121", "57P01", "53100", "25006", "XX000"},
          {
            "PERMANENT",
            "23505",
            "42S02",
            "54000",
            "42501",
            "22001",
            "90020",
            "28000",
            "0A000",
            "90012"
          }
        }) {
      for (String state : Arrays.asList(row).subList(1, row.length)) {
        assertThat(ErrorKinds.of(new SQLException("x", state)))
            .as(state)
            .isEqualTo(Kind.valueOf(row[0]));
      }
    }
    assertThat(ErrorKinds.of(new SQLException("deadlock", "HY000", 1213))).isEqualTo(Kind.RETRY);
    assertThat(ErrorKinds.of(new SQLException("read-only", "HY000", 1290)))
        .isEqualTo(Kind.UNAVAILABLE);
    assertThat(ErrorKinds.of(new SQLException("timeout", "70100", 1969))).isEqualTo(Kind.RETRY);
    assertThat(ErrorKinds.of(new SQLException("killed", "70100", 1927)))
        .isEqualTo(Kind.UNAVAILABLE);
    assertThat(ErrorKinds.of(new SQLException("connections", "42000", 1203)))
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
