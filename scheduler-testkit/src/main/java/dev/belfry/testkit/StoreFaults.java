// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit;

import dev.belfry.store.JobStore;
import dev.belfry.store.StoreException;
import dev.belfry.store.StoreException.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Has calls of a store fail: those that go through {@link #store()}. A call is named by its method
 * of {@link JobStore}. Counted faults come first come first served, each ends when its calls have
 * been made. For one thread.
 */
public final class StoreFaults {
  private static final JobStore.Subscription NO_HINTS = () -> {};

  private final JobStore store;
  private final List<Fault> faults = new ArrayList<>();
  private final Map<String, Integer> calls = new HashMap<>();
  private final Map<String, Consumer<Object[]>> before = new HashMap<>();
  private boolean down;
  private boolean deaf;

  /** What happens to calls instead. */
  private enum Way {
    FAILED(Kind.UNAVAILABLE, false),
    LOST(Kind.UNKNOWN, false),
    APPLIED(Kind.UNKNOWN, true),
    REFUSED(Kind.PERMANENT, false),
    REPEATED(Kind.UNKNOWN, true);

    private final Kind kind;
    private final boolean applied;

    Way(Kind kind, boolean applied) {
      this.kind = kind;
      this.applied = applied;
    }
  }

  private static final class Fault {
    private final String method;
    private final Predicate<Object[]> which;
    private final Way way;
    private int times;

    Fault(String method, Predicate<Object[]> which, Way way, int times) {
      this.method = method;
      this.which = which;
      this.way = way;
      this.times = times;
    }
  }

  private StoreFaults(JobStore real) {
    this.store = StoreProxy.of(real, this::call);
  }

  /** Returns faults of a store, none yet. */
  public static StoreFaults of(JobStore real) {
    return new StoreFaults(real);
  }

  /** Returns the store whose calls fail. */
  public JobStore store() {
    return store;
  }

  /** From now on no call reaches the store: each fails as one that could not be made. */
  public StoreFaults goDown() {
    down = true;
    return this;
  }

  /** Calls reach the store again. */
  public StoreFaults comeBack() {
    down = false;
    return this;
  }

  /** The next calls of a method fail as such that could not be made. */
  public StoreFaults fail(String method, int times) {
    return add(method, any -> true, Way.FAILED, times);
  }

  /** The next calls of a method are applied, but their answers are lost. */
  public StoreFaults loseAnswers(String method, int times) {
    return add(method, any -> true, Way.APPLIED, times);
  }

  /** The next calls of a method are not applied, and the caller can't know. */
  public StoreFaults loseCalls(String method, int times) {
    return add(method, any -> true, Way.LOST, times);
  }

  /** The next calls of a method are made twice, as if somebody had repeated them. */
  public StoreFaults repeat(String method, int times) {
    return add(method, any -> true, Way.REPEATED, times);
  }

  /** Calls of a method with such arguments are refused for ever. */
  public StoreFaults refuse(String method, Predicate<Object[]> which) {
    return add(method, which, Way.REFUSED, Integer.MAX_VALUE);
  }

  private StoreFaults add(String method, Predicate<Object[]> which, Way way, int times) {
    boolean known =
        List.of(JobStore.class.getMethods()).stream().anyMatch(m -> m.getName().equals(method));
    if (!known) {
      throw new IllegalArgumentException("JobStore has no method \"" + method + "\"");
    }
    if (times < 1) {
      throw new IllegalArgumentException("times must be at least 1, was " + times);
    }
    faults.add(new Fault(method, which, way, times));
    return this;
  }

  /** From now on no call fails that was to fail. */
  public void mend() {
    faults.clear();
    down = false;
  }

  /** Those who ask for hints from now on get none, as if others did all changes. */
  public StoreFaults loseHints() {
    deaf = true;
    return this;
  }

  /**
   * Does something right before the next call of a method.
   *
   * @param action is given the arguments of the call
   */
  public StoreFaults beforeNext(String method, Consumer<Object[]> action) {
    before.put(method, action);
    return this;
  }

  /** Returns how often a method was called. */
  public int calls(String method) {
    return calls.getOrDefault(method, 0);
  }

  private @Nullable Object call(StoreProxy.Call call) throws Throwable {
    calls.merge(call.name(), 1, Integer::sum);
    Consumer<Object[]> action = before.remove(call.name());
    if (action != null) {
      action.accept(call.arguments());
    }
    if (deaf && call.name().equals("onHint")) {
      return NO_HINTS;
    }
    if (down) {
      throw new StoreException(Kind.UNAVAILABLE, "the store is down", null);
    }
    Way way = wayOf(call);
    if (way == null) {
      return call.proceed();
    } else if (!way.applied) {
      throw new StoreException(way.kind, "planned: " + call.name(), null);
    }
    Object answer = call.proceed();
    if (way == Way.REPEATED) {
      call.proceed();
      return answer;
    }
    throw new StoreException(way.kind, "planned: the answer of " + call.name(), null);
  }

  private @Nullable Way wayOf(StoreProxy.Call call) {
    for (Iterator<Fault> all = faults.iterator(); all.hasNext(); ) {
      Fault fault = all.next();
      if (fault.method.equals(call.name()) && fault.which.test(call.arguments())) {
        if (fault.times != Integer.MAX_VALUE && --fault.times == 0) {
          all.remove();
        }
        return fault.way;
      }
    }
    return null;
  }
}
