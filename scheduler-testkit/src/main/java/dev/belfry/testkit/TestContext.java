// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit;

import static java.util.Objects.requireNonNull;

import dev.belfry.InputBody;
import dev.belfry.InputCall;
import dev.belfry.Job;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.TypeRef;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Calls a handler alone, without a job around it: what it is given is a real context, whose steps
 * are kept and whose sleeps pass in no time. It is called again only where it has to go on.
 *
 * <pre>{@code
 * TestContext.of(order).run(billing::charge).completed().step("charge").returned("7");
 * }</pre>
 *
 * @param <I> the type of the input
 */
public final class TestContext<I> {
  private static final String JOB = "handler-under-test";
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final TypeRef<I> type;
  private final I input;
  private final TestScheduler scheduler = TestScheduler.start(START);

  private TestContext(TypeRef<I> type, I input) {
    this.type = type;
    this.input = input;
  }

  /**
   * Returns the context of a run with an input, whose class is its type; use {@link #of(TypeRef,
   * Object)} for generic ones.
   */
  @SuppressWarnings("unchecked") // the class of an I
  public static <I> TestContext<I> of(I input) {
    return new TestContext<>((TypeRef<I>) TypeRef.of(input.getClass()), input);
  }

  /** Returns the context of a run with an input. */
  public static <I> TestContext<I> of(TypeRef<I> type, I input) {
    return new TestContext<>(requireNonNull(type, "type"), input);
  }

  /** Returns the scheduler behind it, for faults, and for events to be sent. */
  public TestScheduler scheduler() {
    return scheduler;
  }

  /**
   * Calls a handler until it has ended; a failure is not tried again.
   *
   * @return assertions on its run
   */
  public RunAssert run(InputBody<? super I> handler) {
    return scheduler.run(Job.named(JOB, type).retry(RetryPolicy.none()).handler(handler), input);
  }

  /**
   * Calls a handler until it has ended; a failure is not tried again.
   *
   * @return assertions on its run, its result included
   */
  public <O extends @Nullable Object> RunAssert run(
      Class<O> result, InputCall<? super I, ? extends O> handler) {
    return scheduler.run(
        Job.named(JOB, type).retry(RetryPolicy.none()).returning(result, handler), input);
  }
}
