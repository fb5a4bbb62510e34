// SPDX-License-Identifier: Apache-2.0
package dev.belfry.http;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * A secret text that lets whoever has it in, under a name and with a scope. A value that never
 * shows its text.
 *
 * <p>To rotate one, give the new one beside the old one under the same name, then take the old one
 * away. A supplier is asked at the start and every 30 seconds at most, so a text that its keeper
 * changes needs no restart.
 */
public final class AccessToken {
  /** The fewest characters of a token: 32. */
  public static final int MIN_LENGTH = 32;

  private static final int MIN_DISTINCT = 8;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._@-]{1,100}");

  private final String name;
  private final Supplier<String> text;
  private final Scope scope;
  private final Set<String> tags;
  private final Optional<Instant> end;

  private AccessToken(
      String name, Supplier<String> text, Scope scope, Set<String> tags, Optional<Instant> end) {
    this.name = name;
    this.text = text;
    this.scope = scope;
    this.tags = tags;
    this.end = end;
  }

  /**
   * Returns a token.
   *
   * @param name for the history and the audit log: letters, digits and {@code . _ @ -}, at most 100
   * @param text at least 32 characters, as {@code openssl rand -hex 32} makes them
   * @param scope what it lets do
   * @throws IllegalArgumentException if the text is weak
   */
  public static AccessToken of(String name, String text, Scope scope) {
    return of(name, () -> text, scope).checked();
  }

  /**
   * Returns a token whose text is kept elsewhere.
   *
   * @param text gives the text; called when the scheduler starts, and later by threads that answer
   *     requests
   */
  public static AccessToken of(String name, Supplier<String> text, Scope scope) {
    return new AccessToken(
        checkName(name),
        requireNonNull(text, "text"),
        requireNonNull(scope, "scope"),
        Set.of(),
        Optional.empty());
  }

  private static String checkName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "name of a token must have 1 to 100 letters, digits and . _ @ -, was \"" + name + "\"");
    }
    return name;
  }

  /** Returns this token, which shows only what has one of these tags. Default: everything. */
  public AccessToken confinedTo(String... newTags) {
    return new AccessToken(name, text, scope, Set.of(newTags), end);
  }

  /** Returns this token with an end; the log says so from a week before on. Default: none. */
  public AccessToken until(Instant newEnd) {
    return new AccessToken(name, text, scope, tags, Optional.of(newEnd));
  }

  /** Returns the name. */
  public String name() {
    return name;
  }

  /** Returns when it ends. */
  public Optional<Instant> end() {
    return end;
  }

  /** Returns who has it. */
  public Principal principal() {
    return new Principal(name, scope, tags);
  }

  /**
   * Asks for the text.
   *
   * @throws IllegalArgumentException if it is weak; the message does not have it
   */
  public String text() {
    String given = requireNonNull(text.get(), () -> "text of token \"" + name + "\"");
    if (given.length() < MIN_LENGTH) {
      throw new IllegalArgumentException(
          "token \""
              + name
              + "\" has "
              + given.length()
              + " characters and must have at least 32; make one with: openssl rand -hex 32");
    }
    if (given.chars().distinct().count() < MIN_DISTINCT) {
      throw new IllegalArgumentException(
          "token \"" + name + "\" is easy to guess; make one with: openssl rand -hex 32");
    }
    return given;
  }

  private AccessToken checked() {
    text();
    return this;
  }

  @Override
  public String toString() {
    return "token " + name + " (" + scope + ")";
  }
}
