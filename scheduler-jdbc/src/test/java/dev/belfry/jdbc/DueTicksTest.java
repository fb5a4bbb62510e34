// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.run.Trigger;
import dev.belfry.store.Amendment;
import dev.belfry.store.DueTicks;
import dev.belfry.store.Firing;
import dev.belfry.store.ScheduleRow;
import dev.belfry.store.Verdict;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** At READ COMMITTED a rival may fire between two statements of a look for due ticks. */
class DueTicksTest extends H2Base {
  private static final String ID = "nightly";
  private static final Instant NEXT = START.plusSeconds(60);

  private final JdbcJobStore rival = store();
  private Runnable betweenStatements = () -> {};

  @Test
  void dueTicks_leaveOutWhatARivalFiresMeanwhile() {
    JdbcJobStore store = JdbcJobStore.using(watched()).withTime(clock);
    store.open();
    rival.amend(
        List.of(
            new Amendment.CreateSchedule(
                ID, JOB, "every PT1M", payload("{}"), List.of(), Optional.of(START))));
    betweenStatements = this::fire;

    DueTicks due = store.dueTicks(Set.of(JOB), Set.of(), 10);

    assertThat(due.due()).isEmpty();
    assertThat(due.next()).contains(NEXT);
  }

  private void fire() {
    ScheduleRow row = rival.schedule(ID).orElseThrow();
    var start = new Firing.Start(newRun().withTrigger(Trigger.schedule(ID, START)));
    var firing =
        new Firing(
            ID, row.version(), START, row.lastRun(), start, Optional.of(NEXT), Optional.empty());
    assertThat(rival.fire(List.of(firing))).containsExactly(Verdict.APPLIED);
  }

  /** Returns the pool, but something happens after due schedules were found. */
  private DataSource watched() {
    return proxy(
        DataSource.class,
        (method, arguments) -> {
          Object answer = invoke(pool, method, arguments);
          return answer instanceof Connection connection ? watched(connection) : answer;
        });
  }

  private Connection watched(Connection connection) {
    var found = new boolean[1];
    return proxy(
        Connection.class,
        (method, arguments) -> {
          if (method.getName().equals("prepareStatement") && arguments != null) {
            if (found[0]) {
              Runnable action = betweenStatements;
              betweenStatements = () -> {};
              action.run();
            }
            found[0] |= arguments[0].toString().contains(" where next_at <= ");
          }
          return invoke(connection, method, arguments);
        });
  }

  private interface Call {
    @Nullable Object on(Method method, Object @Nullable [] arguments) throws Throwable;
  }

  private static <T> T proxy(Class<T> type, Call call) {
    return type.cast(
        Proxy.newProxyInstance(
            DueTicksTest.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> call.on(method, arguments)));
  }

  private static @Nullable Object invoke(Object real, Method method, Object @Nullable [] arguments)
      throws Throwable {
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
