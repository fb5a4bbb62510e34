// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import dev.belfry.store.JobStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A call of a node to its store.
 *
 * @param host who calls
 * @param method what
 * @param arguments with what
 */
record StoreCall(SimulatedHost host, Method method, @Nullable Object[] arguments) {
  private static final Set<String> WRITES =
      Set.of(
          "join",
          "renew",
          "reap",
          "leave",
          "declare",
          "pause",
          "insert",
          "exchange",
          "amend",
          "record",
          "fire",
          "send",
          "deliver",
          "purge");

  String name() {
    return method.getName();
  }

  boolean is(String name) {
    return method.getName().equals(name);
  }

  boolean isWrite() {
    return WRITES.contains(method.getName());
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // who asks knows the method
  <T> T argument(int index) {
    return (T) arguments[index];
  }

  /** Returns this call with another argument. */
  StoreCall with(int index, Object argument) {
    Object[] changed = arguments.clone();
    changed[index] = argument;
    return new StoreCall(host, method, changed);
  }

  /** Makes the call. */
  @Nullable Object of(JobStore store) {
    try {
      return method.invoke(store, arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException thrown) {
        throw thrown;
      } else if (e.getCause() instanceof Error thrown) {
        throw thrown;
      }
      throw new AssertionError(e.getCause());
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }
}
