// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit;

import dev.belfry.store.JobStore;
import dev.belfry.store.Records;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** A store between the engine and another one, which sees each call, those of its records too. */
final class StoreProxy {
  private final Around around;
  private final JobStore real;

  private StoreProxy(JobStore real, Around around) {
    this.real = real;
    this.around = around;
  }

  /** What is done about a call. */
  interface Around {
    /** Returns the answer, or throws what the caller shall see. */
    @Nullable Object call(Call call) throws Throwable;
  }

  /**
   * A call of a store.
   *
   * @param name the name of the method
   */
  record Call(String name, Object[] arguments, Object target, Method method) {
    /** Has the store do it. */
    @Nullable Object proceed() throws Throwable {
      try {
        return method.invoke(target, arguments);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }
  }

  static JobStore of(JobStore real, Around around) {
    var proxy = new StoreProxy(real, around);
    return proxy.of(JobStore.class, real);
  }

  private <T> T of(Class<T> type, T target) {
    return type.cast(
        Proxy.newProxyInstance(
            StoreProxy.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> call(target, method, arguments)));
  }

  private @Nullable Object call(Object target, Method method, Object @Nullable [] arguments)
      throws Throwable {
    if (method.getReturnType() == Records.class) {
      return of(Records.class, real.records());
    }
    Object[] given = arguments == null ? new Object[0] : arguments;
    var call = new Call(method.getName(), given, target, method);
    return method.getDeclaringClass() == Object.class ? call.proceed() : around.call(call);
  }
}
