// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Makes objects of an interface whose calls a test answers, most of them by a real object. */
public final class Proxies {
  private Proxies() {}

  /** Answers the calls of an object. */
  @FunctionalInterface
  public interface Answer {
    /**
     * Answers a call.
     *
     * @param arguments empty if it has none
     */
    @Nullable Object to(Method method, @Nullable Object[] arguments) throws Throwable;
  }

  /** Returns an object of a type with such answers. */
  public static <T> T of(Class<T> type, Answer answer) {
    return type.cast(
        Proxy.newProxyInstance(
            Proxies.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) ->
                answer.to(method, arguments == null ? new Object[0] : arguments)));
  }

  /** Returns a pool that gives out its connections with something around them. */
  public static DataSource around(DataSource pool, UnaryOperator<Connection> wrap) {
    return of(
        DataSource.class,
        (method, arguments) -> {
          Object answer = pass(pool, method, arguments);
          return answer instanceof Connection connection ? wrap.apply(connection) : answer;
        });
  }

  /** Makes a call on a real object; throws what that throws. */
  public static @Nullable Object pass(Object real, Method method, @Nullable Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
