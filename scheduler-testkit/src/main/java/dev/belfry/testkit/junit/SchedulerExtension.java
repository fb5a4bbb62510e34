// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.junit;

import dev.belfry.testkit.StoreFactory;
import dev.belfry.testkit.TestScheduler;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * Gives each {@link SchedulerTest} a scheduler of its own, and each other test that is extended
 * with it one that begins with the year 2026; the methods before and after a test share it. Has no
 * state, so tests may go on side by side.
 */
public final class SchedulerExtension
    implements ParameterResolver, AfterEachCallback, TestExecutionExceptionHandler {
  private static final Namespace NAMESPACE = Namespace.create(SchedulerExtension.class);
  private static final String DEFAULT_START = "2026-01-01T00:00:00Z";

  /** For JUnit. */
  public SchedulerExtension() {}

  /** A scheduler belongs to one test, so constructors and {@code @BeforeAll} get none. */
  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
    return parameter.getParameter().getType() == TestScheduler.class
        && test.getTestMethod().isPresent();
  }

  @Override
  public TestScheduler resolveParameter(ParameterContext parameter, ExtensionContext test) {
    ExtensionContext.Store kept = test.getStore(NAMESPACE);
    TestScheduler before = kept.get(TestScheduler.class, TestScheduler.class);
    TestScheduler scheduler = before == null ? schedulerOf(test) : before;
    kept.put(TestScheduler.class, scheduler);
    return scheduler;
  }

  private static TestScheduler schedulerOf(ExtensionContext test) {
    return test.getElement()
        .map(element -> element.getAnnotation(SchedulerTest.class))
        .map(SchedulerExtension::schedulerOf)
        .orElseGet(() -> TestScheduler.start(Instant.parse(DEFAULT_START)));
  }

  private static TestScheduler schedulerOf(SchedulerTest said) {
    var scheduler = TestScheduler.start(instant(said.start()), said.seed(), made(said.store()));
    return said.replay() ? scheduler.replayAfterEachStep() : scheduler;
  }

  static StoreFactory made(Class<? extends StoreFactory> type) {
    try {
      return type.getConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(
          "store of a @SchedulerTest must be a public class with a public constructor without"
              + " parameters, was "
              + type.getName(),
          e);
    }
  }

  private static Instant instant(String start) {
    try {
      return Instant.parse(start);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "start of a @SchedulerTest must be an instant such as "
              + DEFAULT_START
              + ", was \""
              + start
              + "\"",
          e);
    }
  }

  @Override
  public void afterEach(ExtensionContext test) {
    TestScheduler scheduler =
        test.getStore(NAMESPACE).remove(TestScheduler.class, TestScheduler.class);
    if (scheduler != null) {
      scheduler.close();
      scheduler.store().close();
    }
  }

  /** Adds to the failure what there was. */
  @Override
  public void handleTestExecutionException(ExtensionContext test, Throwable failure)
      throws Throwable {
    TestScheduler scheduler =
        test.getStore(NAMESPACE).get(TestScheduler.class, TestScheduler.class);
    if (scheduler != null) {
      String report = reportOf(scheduler);
      test.publishReportEntry("scheduler", report);
      failure.addSuppressed(new Report(report));
    }
    throw failure;
  }

  private static String reportOf(TestScheduler scheduler) {
    try {
      return scheduler.report();
    } catch (RuntimeException | Error e) { // the test has failed of something else
      return "no report can be made: " + e;
    }
  }

  /** A report beside a failure: that is what every runner of tests prints. */
  private static final class Report extends Exception {
    private static final long serialVersionUID = 1L;

    Report(String words) {
      super("the scheduler of the test: " + words, null, false, false);
    }
  }
}
