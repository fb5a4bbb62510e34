// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import static java.util.Objects.requireNonNull;

import dev.belfry.store.MemoKey;
import org.jspecify.annotations.Nullable;

/**
 * A part of a handler that goes on beside others, with steps and waits of its own.
 *
 * @param <T> the type of what it returns
 */
public final class Branch<T extends @Nullable Object> {
  private final String name;
  private final BranchCall<? extends T> body;

  private Branch(String name, BranchCall<? extends T> body) {
    this.name = MemoKey.of(name).id();
    this.body = requireNonNull(body, "body");
  }

  /**
   * Returns a branch without a value.
   *
   * @param name names it among those beside it, 1 to 200 characters
   */
  public static Branch<@Nullable Void> of(String name, ContextBody body) {
    requireNonNull(body, "body");
    return new Branch<>(
        name,
        ctx -> {
          body.run(ctx);
          return null;
        });
  }

  /**
   * Returns a branch with a value, which is not stored: what it is made of is, if it comes from
   * steps.
   *
   * @param name names it among those beside it, 1 to 200 characters
   */
  public static <T extends @Nullable Object> Branch<T> returning(
      String name, BranchCall<? extends T> body) {
    return new Branch<>(name, body);
  }

  String name() {
    return name;
  }

  T run(JobContext ctx) throws Exception {
    return body.run(ctx);
  }
}
