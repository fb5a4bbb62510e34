// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import dev.belfry.store.JobStore;
import dev.belfry.store.StoreException;
import dev.belfry.store.StoreException.Kind;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A store between the engine and the real one, that fails when told. */
final class FaultyStore {
  /** What goes wrong with some calls. */
  private record Fault(
      String method, Predicate<Object[]> which, Kind kind, boolean applied, AtomicInteger times) {}

  private final JobStore real;
  private final JobStore store;
  private final List<Fault> faults = new ArrayList<>();
  private final Map<String, Integer> calls = new HashMap<>();
  private final Map<String, Consumer<Object[]>> before = new HashMap<>();
  private boolean down;
  private boolean deaf;

  FaultyStore(JobStore real) {
    this.real = real;
    this.store =
        (JobStore)
            Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {JobStore.class}, this::call);
  }

  JobStore store() {
    return store;
  }

  /** From now on no call reaches the store. */
  void goDown() {
    down = true;
  }

  /** Calls reach the store again. */
  void comeBack() {
    down = false;
  }

  /** The next calls of a method are applied, but their answers are lost. */
  void loseAnswers(String method, int times) {
    faults.add(new Fault(method, any -> true, Kind.UNKNOWN, true, new AtomicInteger(times)));
  }

  /** The next calls of a method are not applied, and the caller can't know. */
  void loseCalls(String method, int times) {
    faults.add(new Fault(method, any -> true, Kind.UNKNOWN, false, new AtomicInteger(times)));
  }

  /** Calls of a method with such arguments are refused for ever. */
  void refuse(String method, Predicate<Object[]> which) {
    faults.add(
        new Fault(method, which, Kind.PERMANENT, false, new AtomicInteger(Integer.MAX_VALUE)));
  }

  /** From now on no call fails that was to fail. */
  void mend() {
    faults.clear();
  }

  /** Those who ask for hints from now on get none, as if others did all changes. */
  void loseHints() {
    deaf = true;
  }

  /** Does something right before the next call of a method. */
  void beforeNext(String method, Consumer<Object[]> action) {
    before.put(method, action);
  }

  /** Returns how often a method was called. */
  int calls(String method) {
    return calls.getOrDefault(method, 0);
  }

  private @Nullable Object call(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    String name = method.getName();
    Object[] given = arguments == null ? new Object[0] : arguments;
    calls.merge(name, 1, Integer::sum);
    Consumer<Object[]> action = before.remove(name);
    if (action != null) {
      action.accept(given);
    }
    if (deaf && name.equals("onHint")) {
      return (JobStore.Subscription) () -> {};
    }
    if (down) {
      throw new StoreException(Kind.UNAVAILABLE, "the store is down", null);
    }
    Fault fault = faultOf(name, given);
    if (fault != null && !fault.applied()) {
      throw new StoreException(fault.kind(), "planned: " + name, null);
    }
    try {
      Object answer = method.invoke(real, arguments);
      if (fault != null) {
        throw new StoreException(fault.kind(), "planned: the answer of " + name, null);
      }
      return answer;
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private @Nullable Fault faultOf(String name, Object[] given) {
    for (Fault fault : faults) {
      if (fault.method().equals(name) && fault.times().get() > 0 && fault.which().test(given)) {
        fault.times().decrementAndGet();
        return fault;
      }
    }
    return null;
  }
}
