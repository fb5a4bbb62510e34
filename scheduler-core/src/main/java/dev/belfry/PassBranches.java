// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.PassCourse.Suspension;
import dev.belfry.store.MemoKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The branches of a pass, each with a scope, a thread and a course of its own. */
final class PassBranches {
  private final PassFrame frame;
  private final PassContext trunk;
  private final PassMemos memos;

  PassBranches(PassFrame frame, PassContext trunk, PassMemos memos) {
    this.frame = frame;
    this.trunk = trunk;
    this.memos = memos;
  }

  /** Returns what the branches returned, once all have. */
  <T extends @Nullable Object> List<T> run(String id, List<? extends Branch<? extends T>> branches)
      throws Exception {
    checkNames(id, branches);
    try (PassMemos.Part part = memos.enter(id, MemoKind.STEP, "branches")) {
      part.branches();
      part.mark();
      var ways = new ArrayList<Way<T>>();
      branches.forEach(
          branch -> ways.add(new Way<>(branch, MemoScopes.branch(part.key(), branch.name()))));
      frame.host().sideBySide(frame.claim().id(), ways);
      return end(part, ways);
    }
  }

  private static void checkNames(String id, List<? extends Branch<?>> branches) {
    var names = new HashSet<String>();
    for (Branch<?> branch : branches) {
      if (!names.add(branch.name())) {
        throw new IllegalArgumentException(
            "two branches of \"" + id + "\" are named \"" + branch.name() + "\"");
      }
    }
  }

  private <T extends @Nullable Object> List<T> end(PassMemos.Part part, List<Way<T>> ways)
      throws Exception {
    Optional<RuntimeException> broken = memos.course().broken();
    if (broken.isPresent()) {
      throw broken.get();
    }
    List<Suspension> waiting = ways.stream().flatMap(way -> way.suspension.stream()).toList();
    for (Way<T> way : ways) {
      if (way.thrown != null) {
        waiting.forEach(each -> memos.run().write(each.on())); // their times have begun
        throw way.thrown;
      }
    }
    if (!waiting.isEmpty()) {
      memos.run().flush();
      part.settled();
      throw memos.course().suspend(Suspension.ofAll(waiting));
    }
    part.settled();
    var values = new ArrayList<T>();
    ways.forEach(way -> values.add(way.value()));
    return values;
  }

  /** A branch on its way. */
  private final class Way<T extends @Nullable Object> implements Runnable {
    private final Branch<? extends T> branch;
    private final String scope;
    private @Nullable T value;
    private volatile @Nullable Exception thrown;
    private volatile Optional<Suspension> suspension = Optional.empty();

    Way(Branch<? extends T> branch, String scope) {
      this.branch = branch;
      this.scope = scope;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // there is one signal
    public void run() {
      PassContext own = trunk.branch(scope);
      Throwable end = null;
      try {
        own.begin();
        value = branch.run(own);
      } catch (Throwable stopped) {
        end = stopped;
      } finally {
        own.end();
      }
      suspension = own.course().suspension();
      if (suspension.isPresent()) {
        if (end != PassCourse.SIGNAL) {
          own.course().swallow();
        }
      } else if (end instanceof Exception failed) {
        thrown = failed;
      } else if (end != null) {
        thrown = new IllegalStateException("branch \"" + branch.name() + "\" died of " + end, end);
      }
    }

    @SuppressWarnings("NullAway") // null only if T may be
    T value() {
      return value;
    }
  }
}
