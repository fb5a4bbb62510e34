// SPDX-License-Identifier: Apache-2.0
package dev.belfry.examples.store;

import dev.belfry.store.JobStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.Semaphore;

/** A store around another one, which is given so many calls at once and no more. */
final class LimitedStore {
  private final JobStore store;
  private final Semaphore places;

  private LimitedStore(JobStore store, int atOnce) {
    this.store = store;
    this.places = new Semaphore(atOnce);
  }

  static JobStore around(JobStore store, int atOnce) {
    var limited = new LimitedStore(store, atOnce);
    return (JobStore)
        Proxy.newProxyInstance(
            LimitedStore.class.getClassLoader(),
            new Class<?>[] {JobStore.class},
            (self, method, arguments) -> limited.call(method, arguments));
  }

  private Object call(Method method, Object[] arguments) throws Throwable {
    places.acquireUninterruptibly();
    try {
      return method.invoke(store, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause(); // what the store has thrown, and not that it has thrown
    } finally {
      places.release();
    }
  }
}
