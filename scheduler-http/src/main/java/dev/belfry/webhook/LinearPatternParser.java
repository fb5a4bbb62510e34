// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import dev.belfry.webhook.LinearPattern.State;
import java.util.List;
import java.util.function.IntPredicate;

/** Reads a regular expression, character by character. */
final class LinearPatternParser {
  private static final int MOST_STATES = 1_000;
  private static final int MOST_DEPTH = 50;
  private static final int MOST_TIMES = 1_000;

  private final String text;
  private int at;
  private int depth;

  /** A part of an expression, which writes its states before those that follow on it. */
  interface Part {
    /** Returns where this part begins, if {@code next} comes after it. */
    int compile(List<State> program, int next);
  }

  LinearPatternParser(String text) {
    this.text = text;
  }

  Part parse() {
    Part part = alternatives();
    if (at < text.length()) {
      throw bad("there is a ) that closes nothing");
    }
    return part;
  }

  private Part alternatives() {
    if (++depth > MOST_DEPTH) {
      throw bad("groups are nested more than " + MOST_DEPTH + " deep");
    }
    Part first = sequence();
    while (at < text.length() && text.charAt(at) == '|') {
      at++;
      Part left = first;
      Part right = sequence();
      first =
          (program, next) ->
              add(
                  program,
                  new State.Split(left.compile(program, next), right.compile(program, next)));
    }
    depth--;
    return first;
  }

  private Part sequence() {
    Part all = (program, next) -> next;
    while (at < text.length() && "|)".indexOf(text.charAt(at)) < 0) {
      Part before = all;
      Part more = quantified(atom());
      all = (program, next) -> before.compile(program, more.compile(program, next));
    }
    return all;
  }

  private Part atom() {
    char c = text.charAt(at++);
    return switch (c) {
      case '(' -> group();
      case '[' -> taking(characters());
      case '.' -> taking(next -> next != '\n');
      case '^', '$' -> (program, next) -> add(program, new State.At(c == '^', next));
      case '\\' -> taking(escaped());
      case '*', '+', '?', '{' -> throw bad("a quantifier repeats nothing");
      default -> taking(next -> next == c);
    };
  }

  private Part group() {
    if (text.startsWith("?", at)) {
      if (!text.startsWith("?:", at)) {
        throw bad("a group can begin with ( or (?: only");
      }
      at += 2;
    }
    Part inner = alternatives();
    if (at >= text.length()) {
      throw bad("a ( is not closed");
    }
    at++;
    return inner;
  }

  private Part quantified(Part atom) {
    if (at >= text.length()) {
      return atom;
    }
    int least = 0;
    int most = Integer.MAX_VALUE;
    switch (text.charAt(at)) {
      case '*' -> at++;
      case '+' -> {
        at++;
        least = 1;
      }
      case '?' -> {
        at++;
        most = 1;
      }
      case '{' -> {
        at++;
        least = number();
        most = least;
        if (text.startsWith(",", at)) {
          at++;
          most = text.startsWith("}", at) ? Integer.MAX_VALUE : number();
        }
        if (!text.startsWith("}", at) || most < least) {
          throw bad("a quantifier must be like {2}, {2,} or {2,3}");
        }
        at++;
      }
      default -> {
        return atom;
      }
    }
    if (at < text.length() && "*+?{".indexOf(text.charAt(at)) >= 0) {
      throw bad("a quantifier follows another");
    }
    return repeated(atom, least, most);
  }

  private static Part repeated(Part atom, int least, int most) {
    return (program, next) -> {
      int place = next;
      if (most == Integer.MAX_VALUE) {
        place = loop(program, atom, next);
      } else {
        for (int i = least; i < most; i++) {
          place = add(program, new State.Split(atom.compile(program, place), next));
        }
      }
      for (int i = 0; i < least; i++) {
        place = atom.compile(program, place);
      }
      return place;
    };
  }

  /** The place of a loop is known before what it repeats, which leads back to it. */
  private static int loop(List<State> program, Part atom, int next) {
    int place = add(program, new State.Split(next, next));
    program.set(place, new State.Split(atom.compile(program, place), next));
    return place;
  }

  private int number() {
    int value = 0;
    int from = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      value = 10 * value + text.charAt(at++) - '0';
      if (value > MOST_TIMES) {
        throw bad("a quantifier repeats more than " + MOST_TIMES + " times");
      }
    }
    if (at == from) {
      throw bad("a quantifier must be like {2}, {2,} or {2,3}");
    }
    return value;
  }

  private IntPredicate characters() {
    boolean not = text.startsWith("^", at);
    at += not ? 1 : 0;
    IntPredicate any = next -> false;
    int from = at;
    while (at == from || !text.startsWith("]", at)) {
      if (at >= text.length()) {
        throw bad("a [ is not closed");
      }
      any = any.or(range());
    }
    at++;
    return not ? any.negate() : any;
  }

  private IntPredicate range() {
    char first = text.charAt(at++);
    if (first == '\\') {
      return escaped();
    }
    boolean isRange = text.startsWith("-", at) && !text.startsWith("-]", at);
    if (!isRange || at + 1 >= text.length()) {
      return next -> next == first;
    }
    char last = text.charAt(at + 1);
    at += 2;
    if (last < first || last == '\\') {
      throw bad("a range must go up, and from one plain character to another");
    }
    return next -> first <= next && next <= last;
  }

  private IntPredicate escaped() {
    if (at >= text.length()) {
      throw bad("there is nothing after \\");
    }
    char c = text.charAt(at++);
    return switch (c) {
      case 'd' -> LinearPatternParser::isDigit;
      case 'D' -> next -> !isDigit(next);
      case 'w' -> LinearPatternParser::isWord;
      case 'W' -> next -> !isWord(next);
      case 's' -> LinearPatternParser::isSpace;
      case 'S' -> next -> !isSpace(next);
      case 'n' -> next -> next == '\n';
      case 'r' -> next -> next == '\r';
      case 't' -> next -> next == '\t';
      default -> {
        if (isWord(c)) {
          throw bad("\\" + c + " is not known");
        }
        yield next -> next == c;
      }
    };
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isWord(int c) {
    return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }

  private static boolean isSpace(int c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  private Part taking(IntPredicate which) {
    return (program, next) -> add(program, new State.Take(which, next));
  }

  private static int add(List<State> program, State state) {
    if (program.size() == MOST_STATES) {
      throw new IllegalArgumentException(
          "bad pattern: it needs more than " + MOST_STATES + " states; repeat less");
    }
    program.add(state);
    return program.size() - 1;
  }

  private IllegalArgumentException bad(String why) {
    return new IllegalArgumentException(
        "bad pattern \"" + text + "\" at index " + Math.min(at, text.length()) + ": " + why);
  }
}
