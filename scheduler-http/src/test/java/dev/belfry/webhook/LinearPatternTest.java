// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Regular expressions without backtracking. */
class LinearPatternTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "a~xay~true",
        "a~xyz~false",
        "^a~xa~false",
        "a$~ax~false",
        "^$~''~true",
        "^(ok|done)$~done~true",
        "^(ok|done)$~done.~false",
        "a.c~abc~true",
        "colou?r~color~true",
        "ab+c~ac~false",
        "ab*c~ac~true",
        "^a{2,3}$~a~false",
        "^a{2,3}$~aaa~true",
        "^a{2,3}$~aaaa~false",
        "^a{2}$~aa~true",
        "^a{2,}$~aaaaa~true",
        "^(?:ab){2}$~abab~true",
        "^[a-c]+$~abcabc~true",
        "^[^a-c]+$~xyz~true",
        "^[^a-c]+$~xya~false",
        "^[]x]$~]~true",
        "^[a-]$~-~true",
        "\\d+ retried~12 retried~true",
        "^[\\d.]+$~1.25~true",
        "^\\w\\W\\s\\S\\D$~a- bc~true",
        "\\$\\.\\[~x$.[~true",
        "^(a|b)*c$~ababc~true",
        "(|a)b~b~true",
      })
  void isIn(String expression, String text, boolean expected) {
    assertThat(LinearPattern.of(expression).isIn(text)).isEqualTo(expected);
  }

  @Test
  void isIn_agreesWithTheJdk_onExpressionsMadeUp() {
    var random = new Random(7);
    for (int i = 0; i < 2_000; i++) {
      String expression = expression(random, 3);
      Pattern jdk = Pattern.compile(expression);
      LinearPattern ours = LinearPattern.of(expression);
      for (int j = 0; j < 20; j++) {
        String text = text(random);
        assertThat(ours.isIn(text))
            .as("\"%s\" in \"%s\"", expression, text)
            .isEqualTo(jdk.matcher(text).find());
      }
    }
  }

  @Test
  void expressionThatMakesOthersGoBack_takesAsLongAsAnyOther() {
    LinearPattern pattern = LinearPattern.of("^(a|a)*(a+)+(a*)*b$");

    assertThat(pattern.isIn("a".repeat(64 * 1024))).isFalse();
    assertThat(pattern.isIn("a".repeat(64 * 1024) + "b")).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "(a~2~a ( is not closed",
        "a)~1~there is a ) that closes nothing",
        "[a~2~a [ is not closed",
        "*a~1~a quantifier repeats nothing",
        "a**~2~a quantifier follows another",
        "a{3,2}~5~a quantifier must be like {2}, {2,} or {2,3}",
        "a{x}~2~a quantifier must be like {2}, {2,} or {2,3}",
        "a{1001}~6~a quantifier repeats more than 1000 times",
        "(?=a)~1~a group can begin with ( or (?: only",
        "(a)\\1~5~\\1 is not known",
        "[z-a]~4~a range must go up, and from one plain character to another",
        "a\\~2~there is nothing after \\",
      })
  void whatIsNotKnown_isRefusedWithItsPlace(String expression, int index, String why) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LinearPattern.of(expression))
        .withMessage("bad pattern \"" + expression + "\" at index " + index + ": " + why);
  }

  @Test
  void expressionThatIsTooLarge_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LinearPattern.of("(a{100}){100}"))
        .withMessage("bad pattern: it needs more than 1000 states; repeat less");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LinearPattern.of("(".repeat(60) + ")".repeat(60)))
        .withMessageEndingWith("groups are nested more than 50 deep");
  }

  private static String expression(Random random, int depth) {
    var text = new StringBuilder();
    int atoms = 1 + random.nextInt(3);
    for (int i = 0; i < atoms; i++) {
      switch (random.nextInt(depth > 0 ? 8 : 5)) {
        case 0 -> text.append("a");
        case 1 -> text.append("b");
        case 2 -> text.append(".");
        case 3 -> text.append("[ab]");
        case 4 -> text.append(i == 0 ? "^" : "c");
        case 5, 6 -> text.append("(").append(expression(random, depth - 1)).append(")");
        default ->
            text.append("(?:")
                .append(expression(random, depth - 1))
                .append("|")
                .append(expression(random, depth - 1))
                .append(")");
      }
      if (text.charAt(text.length() - 1) != '^') {
        text.append(new String[] {"", "", "", "*", "+", "?", "{2}", "{1,2}"}[random.nextInt(8)]);
      }
    }
    return text.append(random.nextInt(6) == 0 ? "$" : "").toString();
  }

  private static String text(Random random) {
    var text = new StringBuilder();
    for (int i = random.nextInt(7); i > 0; i--) {
      text.append((char) ('a' + random.nextInt(4)));
    }
    return text.toString();
  }
}
