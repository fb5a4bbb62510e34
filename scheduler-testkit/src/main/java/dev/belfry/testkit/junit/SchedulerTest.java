// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.junit;

import dev.belfry.testkit.StoreFactory;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test, such as {@code @SchedulerTest void bills(TestScheduler t)}, whose parameter of type
 * {@link dev.belfry.testkit.TestScheduler} is one of its own. It is closed after the test; if the
 * test has failed, its {@linkplain dev.belfry.testkit.TestScheduler#report() report} is a report
 * entry of the test, and is printed with the failure.
 */
@Test
@ExtendWith(SchedulerExtension.class)
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface SchedulerTest {
  /** The instant at which time begins, as ISO 8601 writes it. */
  String start() default "2026-01-01T00:00:00Z";

  /** Decides all that is left to chance. */
  long seed() default 0;

  /** Opens the store, which is closed after the test; in memory by default. */
  Class<? extends StoreFactory> store() default StoreFactory.InMemory.class;

  /**
   * Whether {@linkplain dev.belfry.testkit.TestScheduler#replayAfterEachStep() each pass ends after
   * a step}, to find out whether handlers bear to be done again.
   */
  boolean replay() default false;
}
