// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.store.NewMemo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a pass can go on. What the handler throws or returns says nothing once it can't.
 * Thread-safe.
 */
final class PassCourse {
  /*
   * A pass goes on, until it is suspended on some parts, or broken off because it may no longer
   * write or can't; a break outweighs a suspension. Branches of a pass are suspended one by one, and
   * the pass itself only when all of them have come to an end; a break is everybody's.
   */

  /** Unwinds a handler. It means nothing by itself: the course does. */
  static final class Signal extends Error {
    private static final long serialVersionUID = 1L;

    private Signal() {
      super("the run is suspended; let this pass, it only unwinds the handler", null, false, false);
    }
  }

  /** The only one: made before it is needed, without a stack. */
  @SuppressWarnings("StaticAssignmentOfThrowable") // it has no stack that could mislead
  static final Signal SIGNAL = new Signal();

  /**
   * What a pass waits for.
   *
   * @param on the pending parts; none: it waits for nothing, and the next pass goes on at once
   * @param words what they are, for people
   */
  record Suspension(List<NewMemo> on, String words) {
    /** Of a pass whose host does not have it go on. */
    static final Suspension BREAK = new Suspension(List.of(), "the host has another pass go on");

    static Suspension of(NewMemo part, String words) {
      return new Suspension(List.of(part), words);
    }

    /** Returns what somebody waits for who waits for the first of several. */
    static Suspension ofAll(List<Suspension> several) {
      if (several.contains(BREAK)) {
        return BREAK;
      }
      var on = new ArrayList<NewMemo>();
      several.forEach(each -> on.addAll(each.on()));
      String first = several.get(0).words();
      return new Suspension(
          on, several.size() == 1 ? first : first + " and " + (several.size() - 1) + " more");
    }
  }

  private final @Nullable PassCourse trunk; // null: this is no branch
  private @Nullable Suspension suspension; // guarded by this
  private @Nullable RuntimeException broken; // guarded by this; of the trunk only
  private @Nullable String swallowed; // guarded by this; of the trunk only

  PassCourse() {
    this(null);
  }

  private PassCourse(@Nullable PassCourse trunk) {
    this.trunk = trunk;
  }

  /** Returns the course of a branch. */
  PassCourse branch() {
    return new PassCourse(trunk());
  }

  private PassCourse trunk() {
    return trunk == null ? this : trunk;
  }

  /** Throws what unwinds the handler, if the pass can't go on. */
  void check() {
    RuntimeException end = broken().orElse(null);
    if (end != null) {
      throw end;
    }
    if (suspension().isPresent()) {
      throw SIGNAL;
    }
  }

  /** Suspends the pass, or this branch of it. The caller throws what this returns. */
  synchronized Signal suspend(Suspension newSuspension) {
    if (suspension == null) {
      suspension = newSuspension;
    }
    return SIGNAL;
  }

  /** Has every later part refused, and the pass end with this, whatever its handler does. */
  void breakOff(RuntimeException reason) {
    PassCourse all = trunk();
    synchronized (all) {
      if (all.broken == null) {
        all.broken = reason;
      }
    }
  }

  /** Notes that a handler did not let the signal pass. */
  void swallow() {
    String words = suspension().map(Suspension::words).orElse("");
    PassCourse all = trunk();
    synchronized (all) {
      all.swallowed = words;
    }
  }

  /** Returns what this pass, or branch, waits for. */
  synchronized Optional<Suspension> suspension() {
    return Optional.ofNullable(suspension);
  }

  /** Returns why the pass can't go on, if it is broken. */
  Optional<RuntimeException> broken() {
    PassCourse all = trunk();
    synchronized (all) {
      return Optional.ofNullable(all.broken);
    }
  }

  /** Returns what was waited for where a handler did not let the signal pass, if that was so. */
  Optional<String> swallowed() {
    PassCourse all = trunk();
    synchronized (all) {
      return Optional.ofNullable(all.swallowed);
    }
  }
}
