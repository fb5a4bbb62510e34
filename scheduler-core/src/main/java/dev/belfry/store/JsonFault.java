// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What was wrong, on its way up to the codec; each level adds its step to the path. Carries no
 * stack.
 */
final class JsonFault extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 100;

  private final String problem;
  private String path = "";

  JsonFault(String problem) {
    this(problem, null);
  }

  JsonFault(String problem, @Nullable Throwable cause) {
    super(problem, cause, false, false);
    this.problem = problem;
  }

  JsonFault inProperty(String name) {
    boolean plain = !name.isEmpty() && name.chars().allMatch(Character::isJavaIdentifierPart);
    path = (plain && name.length() <= SHOWN ? "." + name : "[" + quoted(name) + "]") + path;
    return this;
  }

  JsonFault inElement(int index) {
    path = "[" + index + "]" + path;
    return this;
  }

  String problem() {
    return problem;
  }

  String path() {
    return "$" + path;
  }

  /** Returns a text for a message: in quotes, shortened, without control characters. */
  static String quoted(String text) {
    return '"' + shortened(text) + '"';
  }

  static String shortened(String text) {
    boolean whole = text.codePointCount(0, text.length()) <= SHOWN;
    String shown = whole ? text : text.substring(0, text.offsetByCodePoints(0, SHOWN)) + "…";
    IntPredicate printable =
        c -> !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE;
    var out = new StringBuilder();
    shown.codePoints().forEach(c -> out.append(printable.test(c) ? Character.toString(c) : hex(c)));
    return out.toString();
  }

  static String hex(int codePoint) {
    return String.format("U+%04X", codePoint);
  }
}
