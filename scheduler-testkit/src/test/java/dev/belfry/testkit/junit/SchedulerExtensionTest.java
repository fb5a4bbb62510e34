// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.Job;
import dev.belfry.RunHandle;
import dev.belfry.store.JobStore;
import dev.belfry.testkit.StoreFactory;
import dev.belfry.testkit.TestScheduler;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;

/** Each test gets a scheduler of its own. */
class SchedulerExtensionTest {
  private static final Job<String> JOB = Job.named("job", String.class).handler((ctx, in) -> {});

  @SchedulerTest(start = "2026-03-29T00:59:00Z", seed = 7)
  void scheduler_beginsWhereTheTestSays(TestScheduler t) {
    assertThat(t.now()).isEqualTo(Instant.parse("2026-03-29T00:59:00Z"));
  }

  @SchedulerTest
  void scheduler_beginsSomewhere(TestScheduler t) {
    assertThat(t.now()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
  }

  @SchedulerTest
  void scheduler_isTheSameForAllParametersOfATest(TestScheduler t, TestScheduler same) {
    assertThat(t).isSameAs(same);
  }

  @SchedulerTest(store = Counted.class)
  void store_isTheOneOfTheFactory(TestScheduler t) {
    t.run(JOB, "input").completed();

    assertThat(Counted.OPENED).hasPositiveValue();
  }

  /** Opens stores in memory, and counts them. */
  public static final class Counted implements StoreFactory {
    private static final AtomicInteger OPENED = new AtomicInteger();

    /** For the extension. */
    public Counted() {}

    @Override
    public JobStore open(InstantSource clock) {
      OPENED.incrementAndGet();
      return JobStore.inMemory(clock);
    }
  }

  @SchedulerTest(replay = true)
  void replay_hasEachPassEndAfterAStep(TestScheduler t) {
    var calls = new ArrayList<String>();
    Job<String> steps =
        Job.named("steps", String.class)
            .handler(
                (ctx, in) -> {
                  calls.add("begin");
                  ctx.step("a", () -> calls.add("a"));
                  ctx.step("b", () -> calls.add("b"));
                  calls.add("end");
                });

    t.run(steps, "input").completed().attempts(1);

    assertThat(calls).containsExactly("begin", "a", "begin", "b", "begin", "end");
  }

  @SchedulerTest
  void storeThatCanNotBeMade_isRefused() {
    class Hidden implements StoreFactory {
      @Override
      public JobStore open(InstantSource clock) {
        throw new AssertionError("never made");
      }
    }

    assertThatIllegalArgumentException()
        .isThrownBy(() -> SchedulerExtension.made(Hidden.class))
        .withMessage(
            "store of a @SchedulerTest must be a public class with a public constructor without"
                + " parameters, was "
                + Hidden.class.getName());
  }

  @Test
  void failedTest_isReportedWithAllThatThereIs() {
    var context = new FailedTest();
    var extension = new SchedulerExtension();
    TestScheduler t = extension.resolveParameter(context.parameter(), context.test());
    RunHandle handle = t.register(JOB).enqueue(JOB, "input");

    var failure = new AssertionError("planned");

    assertThatThrownBy(() -> extension.handleTestExecutionException(context.test(), failure))
        .isSameAs(failure);
    extension.afterEach(context.test());

    String report =
        "it is 2026-01-01T00:00:00Z; there is:\n"
            + "2026-01-01T00:00:00Z job \"job\", run "
            + handle.id()
            + ": SCHEDULED at 2026-01-01T00:00:00Z\n"
            + "to come:\n"
            + "  run "
            + handle.id()
            + " of job \"job\": SCHEDULED at 2026-01-01T00:00:00Z\n"
            + "again: @SchedulerTest(start = \"2026-01-01T00:00:00Z\", seed = 0)";
    assertThat(context.reported).containsExactly("scheduler: " + report);
    assertThat(failure.getSuppressed())
        .singleElement()
        .satisfies(it -> assertThat(it).hasMessage("the scheduler of the test: " + report));
  }

  /** What JUnit tells an extension of a test that has failed. */
  private static final class FailedTest implements InvocationHandler {
    private final Map<Object, Object> kept = new HashMap<>();
    private final List<String> reported = new ArrayList<>();

    ExtensionContext test() {
      return proxy(ExtensionContext.class);
    }

    ParameterContext parameter() {
      return proxy(ParameterContext.class);
    }

    private <T> T proxy(Class<T> type) {
      ClassLoader loader = type.getClassLoader();
      return type.cast(Proxy.newProxyInstance(loader, new Class<?>[] {type}, this));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object[] arguments) {
      return switch (method.getName()) {
        case "getElement" -> Optional.empty();
        case "getStore" -> proxy(ExtensionContext.Store.class);
        case "publishReportEntry" -> reported.add(arguments[0] + ": " + arguments[1]);
        case "get" -> kept.get(arguments[0]);
        case "put" -> kept.put(arguments[0], arguments[1]);
        case "remove" -> kept.remove(arguments[0]);
        default -> throw new AssertionError(method);
      };
    }
  }

  /** Preparations get the scheduler of their test, also in nested classes. */
  @Nested
  @ExtendWith(SchedulerExtension.class)
  class Prepared {
    @BeforeEach
    void enqueue(TestScheduler t) {
      t.register(JOB).enqueue(JOB, "input");
    }

    @SchedulerTest
    void preparation_hasTheSameScheduler(TestScheduler t) {
      t.runDue();
      t.assertThatRun("job").completed();
    }

    @Test
    void plainTest_isGivenOneToo(TestScheduler t) {
      t.enqueued("job").times(1);
    }
  }
}
