// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import static dev.belfry.admin.operations.Stage.ADA;
import static dev.belfry.admin.operations.Stage.NOON;
import static dev.belfry.admin.operations.Stage.problem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.http.Principal;
import dev.belfry.http.Scope;
import dev.belfry.http.routing.Problem;
import dev.belfry.run.Page;
import dev.belfry.run.RunId;
import dev.belfry.store.JobStore;
import dev.belfry.store.Records;
import dev.belfry.store.StoreException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class AuditTest {
  private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
  private final JobStore store = JobStore.inMemory(now::get);
  private final Audit audit = Audit.of(store, new Random(1), Redaction.standard());
  private final List<String> done = new ArrayList<>();

  private String act(Audit log, String what) {
    return log.record(
        ADA,
        Change.of("test", what).from("{\"password\":\"x\",\"n\":1}"),
        () -> {
          done.add(what);
          return what;
        },
        result -> Optional.of("{\"token\":\"x\",\"done\":\"" + result + "\"}"));
  }

  private List<AuditRow> rows() {
    return audit.page(ADA, Optional.empty(), 100).items();
  }

  @Test
  void record_keepsWhoDidWhatAndWhatCameOfIt_withoutSecrets() {
    assertThat(act(audit, "run 1")).isEqualTo("run 1");

    AuditRow row = rows().get(0);
    assertThat(row)
        .isEqualTo(
            new AuditRow(
                row.id(),
                NOON,
                "ada",
                "test",
                "run 1",
                Optional.of("{\"password\":\"•••\",\"n\":1}"),
                Optional.of("{\"token\":\"•••\",\"done\":\"run 1\"}"),
                AuditRow.Outcome.DONE,
                ""));
  }

  @Test
  void record_ofARefusal_orAFailure_saysWhy_andThrowsIt() {
    Problem refusal = Problem.of(409, "conflict", "it runs, Bearer abc");
    assertThatThrownBy(() -> fail(refusal)).isSameAs(refusal);
    var failure = new IllegalStateException("broken");
    assertThatThrownBy(() -> fail(failure)).isSameAs(failure);

    assertThat(rows())
        .extracting(row -> row.outcome() + ": " + row.detail())
        .containsExactly("FAILED: broken", "REFUSED: it runs, Bearer •••");
  }

  private void fail(RuntimeException thrown) {
    audit.record(
        ADA,
        Change.of("test", "run 1"),
        () -> {
          throw thrown;
        },
        result -> Optional.empty());
  }

  @Test
  void page_isNewestFirst_alsoWithinAMicrosecond_andWhateverTheClockDoes() {
    act(audit, "1");
    act(audit, "2");
    now.set(NOON.minusSeconds(60));
    act(audit, "3");
    now.set(NOON.plusSeconds(60));
    act(audit, "4");

    assertThat(rows()).extracting(AuditRow::target).containsExactly("4", "3", "2", "1");
    Page<AuditRow> first = audit.page(ADA, Optional.empty(), 3);
    assertThat(first.more()).isTrue();
    assertThat(audit.page(ADA, Optional.of(first.items().get(2).id()), 3).items())
        .extracting(AuditRow::target)
        .containsExactly("1");
    assertThat(problem(() -> audit.page(ADA, Optional.empty(), 0)))
        .isEqualTo("422 invalid: limit must be 1 to 1000, was 0 at limit");
  }

  @Test
  void rows_areKeptFor90Days() {
    act(audit, "1");

    now.set(NOON.plus(Duration.ofDays(90)).minusSeconds(1));
    assertThat(rows()).hasSize(1);
    now.set(NOON.plus(Duration.ofDays(90)));
    assertThat(rows()).isEmpty();
  }

  @Test
  void texts_areCutToWhatARecordHolds() {
    var many = new ArrayList<RunId>();
    for (int i = 0; i < 1_000; i++) {
      many.add(RunId.of(i, i, i));
    }
    String ids = Json.object().put("runs", many).text();
    Principal long100 = Principal.of("ü".repeat(100), Scope.ADMIN);

    audit.record(
        long100, Change.of("a", "ü".repeat(300)).from(ids), () -> "", x -> Optional.of(ids));
    assertThatThrownBy(
            () ->
                audit.record(
                    long100,
                    Change.of("a", "t").from(ids),
                    () -> {
                      throw new IllegalStateException("ü".repeat(5_000));
                    },
                    x -> Optional.empty()))
        .isInstanceOf(IllegalStateException.class);

    AuditRow failed = rows().get(0);
    assertThat(failed.before()).contains(ids);
    assertThat(failed.detail()).isEqualTo("ü".repeat(999) + "…");
    AuditRow row = rows().get(1);
    assertThat(row.target()).isEqualTo("ü".repeat(199) + "…");
    assertThat(row.after()).contains("\"too long to be kept\"");
  }

  @Test
  void failedFirstWrite_keepsTheActionFromBeingDone() {
    Audit broken = Audit.of(failingAtWrite(1), new Random(1), Redaction.standard());

    assertThatThrownBy(() -> act(broken, "1")).isInstanceOf(StoreException.class);

    assertThat(done).isEmpty();
    assertThat(rows()).isEmpty();
  }

  @Test
  void failedSecondWrite_leavesTheActionDone_andTheRowBegun() {
    Audit broken = Audit.of(failingAtWrite(2), new Random(1), Redaction.standard());

    assertThat(act(broken, "1")).isEqualTo("1");

    assertThat(rows()).extracting(AuditRow::outcome).containsExactly(AuditRow.Outcome.BEGUN);
  }

  /** Returns the store, one of whose writes of records fails. */
  private JobStore failingAtWrite(int number) {
    var writes = new AtomicInteger();
    Records records =
        proxy(
            Records.class,
            store.records(),
            name -> {
              if (name.equals("write") && writes.incrementAndGet() == number) {
                throw new StoreException(StoreException.Kind.UNAVAILABLE, "gone", null);
              }
              return null;
            });
    return proxy(JobStore.class, store, name -> name.equals("records") ? records : null);
  }

  private interface Instead {
    Object answer(String method);
  }

  private static <T> T proxy(Class<T> type, T real, Instead instead) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              Object answer = instead.answer(method.getName());
              try {
                return answer == null ? method.invoke(real, arguments) : answer;
              } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
              }
            }));
  }
}
