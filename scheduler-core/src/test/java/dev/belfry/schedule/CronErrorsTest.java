// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of the worst inputs is in the file {@code cron-errors.txt}. */
class CronErrorsTest {
  /** A wrong text, and what is said of it. */
  record Case(CronDialect dialect, String text, String facts, String message) {}

  static Stream<Case> cases() throws IOException {
    List<Case> cases = new ArrayList<>();
    try (var file = CronErrorsTest.class.getResourceAsStream("cron-errors.txt")) {
      String all = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      for (String block : all.substring(all.indexOf("\n\n") + 2).split("\n\n", -1)) {
        String[] lines = block.strip().split("\n", -1);
        int blank = lines[0].indexOf(' ');
        CronDialect dialect = CronDialect.valueOf(lines[0].substring(0, blank));
        String text = lines[0].substring(8).replace("<no-break blank>", "\u00a0");
        String message = lines[2].strip().replace("<no-break blank>", "\u00a0");
        cases.add(new Case(dialect, text, lines[1].strip(), message));
      }
    }
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void parse_saysWhatIsWrong(Case wrong) {
    CronError error = failure(wrong.text(), wrong.dialect()).error();

    assertThat(error.message()).isEqualTo(wrong.message());
    assertThat(error.index() + " " + error.field().orElse("-") + " \"" + error.token() + "\"")
        .isEqualTo(wrong.facts());
    assertThat(wrong.text().substring(error.index())).startsWith(error.token());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void tryParse_givesTheErrorAsData(Case wrong) {
    CronParseResult result = CronExpression.tryParse(wrong.text(), wrong.dialect());

    assertThat(result.expression()).isEmpty();
    assertThat(result.error()).contains(failure(wrong.text(), wrong.dialect()).error());
  }

  @Test
  void file_hasThirtyInputsAndMore() throws IOException {
    assertThat(cases()).hasSizeGreaterThan(30);
  }

  private static CronParseException failure(String text, CronDialect dialect) {
    return catchThrowableOfType(
        CronParseException.class, () -> CronExpression.parse(text, dialect));
  }

  @Test
  void error_hasItsParts() {
    CronError error = failure("0 0 3 ? * 0", CronDialect.QUARTZ).error();

    assertThat(error.allowed()).contains("1-7 or SUN-SAT");
    assertThat(error.hint()).contains("Sunday is 1 in QUARTZ");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void error_isKeptWhenTheExceptionIsSerialized(Case wrong) throws Exception {
    CronParseException thrown = failure(wrong.text(), wrong.dialect());

    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(thrown);
    }
    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      var read = (CronParseException) in.readObject();

      assertThat(read.error()).isEqualTo(thrown.error());
    }
  }

  @Test
  void tryParse_givesTheExpression() {
    CronParseResult result = CronExpression.tryParse("0 3 * * *", CronDialect.UNIX);

    assertThat(result.expression()).contains(CronExpression.parse("0 3 * * *"));
    assertThat(result.error()).isEmpty();
  }

  @Test
  void parse_countsFromTheStartOfTheText() {
    CronError error = failure(" \t0 0  99\t* * ", CronDialect.UNIX).error();

    assertThat(error.message())
        .isEqualTo("bad cron \"  0 0  99 * * \": field 3 (day of month) is 99, allowed are 1-31");
    assertThat(error.index()).isEqualTo(7);
  }

  @Test
  void parse_keepsTheMessageShortForAHugeText() {
    CronError error = failure("1,".repeat(1_000_000) + " * * * *", CronDialect.UNIX).error();

    assertThat(error.message())
        .isEqualTo(
            "bad cron \""
                + "1,".repeat(30)
                + "...\": field 1 (minute) has an empty item in its list");
    assertThat(error.index()).isEqualTo(2_000_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1,", "1-5,", "*/2,", "00001,"})
  void parse_takesAHugeList(String item) {
    CronExpression small = CronExpression.parse(item + "2 * * * *");

    assertThat(CronExpression.parse(item.repeat(1_000_000) + "2 * * * *")).isEqualTo(small);
  }
}
