// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.SchedulerException;
import dev.belfry.run.TypeRef;
import java.util.regex.Pattern;

/**
 * A value that could not be turned into bytes or back, or a type that a codec does not carry. The
 * message names the place.
 */
public final class CodecException extends SchedulerException {
  private static final long serialVersionUID = 1L;
  private static final Pattern QUALIFIER = Pattern.compile("[\\p{L}\\p{N}_.$]+[.$]\\d*");

  private final String type;
  private final String path;
  private final String problem;

  private CodecException(String message, TypeRef<?> type, String path, String problem) {
    super(message);
    this.problem = problem;
    this.type = type.toString();
    this.path = path;
  }

  /**
   * Returns the failure to encode a value, as {@code cannot encode Order at $.name: …}.
   *
   * @param path the place inside the value, {@code $} for the whole
   * @param problem what was wrong and, if it can be said, what would be right
   */
  public static CodecException encode(TypeRef<?> type, String path, String problem) {
    return new CodecException(sentence("encode", type, path, problem), type, path, problem);
  }

  /**
   * Returns the failure to decode bytes, as {@code cannot decode Order at $.name: …}.
   *
   * @param path the place inside the value, {@code $} for the whole
   * @param problem what was wrong and, if it can be said, what would be right
   */
  public static CodecException decode(TypeRef<?> type, String path, String problem) {
    return new CodecException(sentence("decode", type, path, problem), type, path, problem);
  }

  /**
   * Returns the refusal of a type that the codec does not carry.
   *
   * @param path the place inside the type, such as {@code Order.customer}; the name of the type
   *     itself for the whole
   * @param message the whole message, which should say what to do instead
   */
  public static CodecException unsupported(TypeRef<?> type, String path, String message) {
    return new CodecException(message, type, path, message);
  }

  /** Sets the failure behind this one and returns this exception. To be called at most once. */
  public CodecException causedBy(Throwable cause) {
    initCause(cause);
    return this;
  }

  /** Returns the full name of the declared type. */
  public String type() {
    return type;
  }

  /** Returns the place: a JSON path such as {@code $.lines[3]}, or one of types for a refusal. */
  public String path() {
    return path;
  }

  /** Returns what was wrong, without type and place; for a refusal, the whole message. */
  public String problem() {
    return problem;
  }

  /** Returns the name of a type without its packages and enclosing classes. */
  static String shortName(TypeRef<?> type) {
    return QUALIFIER.matcher(type.toString()).replaceAll("");
  }

  private static String sentence(String verb, TypeRef<?> type, String path, String problem) {
    return "cannot " + verb + " " + shortName(type) + " at " + path + ": " + problem;
  }
}
