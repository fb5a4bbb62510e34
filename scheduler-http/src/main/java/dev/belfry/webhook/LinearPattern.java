// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/*
 * A regular expression as a program for a machine that is in many states at once, after Ken
 * Thompson. It looks at each character once, and at most at each state of the program for it; there
 * is no backtracking, so no text takes longer than its length times the length of the program.
 */
/**
 * A regular expression that is found in time proportional to the text, however it is written. Knows
 * literals, {@code .}, classes, {@code \d \w \s} and their opposites, groups, {@code |}, {@code ^},
 * {@code $} and the quantifiers {@code * + ? {n} {n,} {n,m}}; no back references, no look-around.
 */
final class LinearPattern {
  private final List<State> program;
  private final int start;

  /** Where the machine can be. {@code next} and {@code other} are places in the program. */
  sealed interface State {
    /** Takes a character. */
    record Take(IntPredicate which, int next) implements State {}

    /** Goes two ways. */
    record Split(int next, int other) implements State {}

    /** Goes on at the beginning, or the end, of the text only. */
    record At(boolean beginning, int next) implements State {}

    /** Has found it. */
    record Found() implements State {}
  }

  private LinearPattern(List<State> program, int start) {
    this.program = program;
    this.start = start;
  }

  /**
   * Reads an expression.
   *
   * @throws IllegalArgumentException if it is none, or its program has more than 1,000 states
   */
  static LinearPattern of(String expression) {
    var program = new ArrayList<State>();
    program.add(new State.Found());
    int start = new LinearPatternParser(expression).parse().compile(program, 0);
    return new LinearPattern(List.copyOf(program), start);
  }

  /** Returns whether some part of a text is what the expression says. */
  boolean isIn(String text) {
    var now = new Places(program.size());
    var then = new Places(program.size());
    for (int at = 0; at <= text.length(); at++) {
      if (reach(now, start, at, text)) {
        return true;
      }
      if (at == text.length()) {
        break;
      }
      for (int i = 0; i < now.count; i++) {
        if (program.get(now.list[i]) instanceof State.Take take
            && take.which().test(text.charAt(at))
            && reach(then, take.next(), at + 1, text)) {
          return true;
        }
      }
      Places used = now;
      now = then;
      then = used;
      then.count = 0;
      then.round++;
    }
    return false;
  }

  /** Adds a place, and those that are reached from it without a character. */
  private boolean reach(Places places, int place, int at, String text) {
    var open = new ArrayDeque<Integer>();
    open.push(place);
    while (!open.isEmpty()) {
      int next = open.pop();
      if (!places.add(next)) {
        continue;
      }
      State state = program.get(next);
      if (state instanceof State.Found) {
        return true;
      } else if (state instanceof State.Split split) {
        open.push(split.next());
        open.push(split.other());
      } else if (state instanceof State.At anchor
          && at == (anchor.beginning() ? 0 : text.length())) {
        open.push(anchor.next());
      }
    }
    return false;
  }

  /** A set of places that is emptied at once. */
  private static final class Places {
    private final int[] list;
    private final int[] seen;
    private int round = 1;
    private int count;

    Places(int size) {
      this.list = new int[size];
      this.seen = new int[size];
    }

    boolean add(int place) {
      if (seen[place] == round) {
        return false;
      }
      seen[place] = round;
      list[count++] = place;
      return true;
    }
  }
}
