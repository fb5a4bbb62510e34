// SPDX-License-Identifier: Apache-2.0
package dev.belfry.http.routing;

import dev.belfry.http.Response;
import dev.belfry.http.Scope;
import java.util.List;

/**
 * A method and a path, and what is done there.
 *
 * @param method in upper case; GET answers HEAD too
 * @param path as in {@code /api/v1/runs/{id}}: a name in braces stands for one part of the path
 * @param needs the scope that it takes
 * @param action what is done
 */
public record Route(String method, String path, Scope needs, Action action) {
  /** Answers a call. */
  @FunctionalInterface
  public interface Action {
    /**
     * Answers a call, or throws what becomes the answer.
     *
     * @throws Problem if it is not answered as asked
     */
    Response answer(Call call);
  }

  /** Returns a route that reads. */
  public static Route get(String path, Action action) {
    return new Route("GET", path, Scope.READ, action);
  }

  /** Returns a route that does something. */
  public static Route post(String path, Scope needs, Action action) {
    return new Route("POST", path, needs, action);
  }

  /** Returns whether it changes something. */
  public boolean isUnsafe() {
    return !method.equals("GET");
  }

  /** Returns the parts of the path. */
  List<String> segments() {
    return List.of(path.substring(1).split("/", -1));
  }
}
