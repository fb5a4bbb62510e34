// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertAll;

import dev.belfry.run.LedgerCursor;
import dev.belfry.run.LedgerQuery;
import dev.belfry.run.NodeId;
import dev.belfry.run.RunQuery;
import dev.belfry.run.Status;
import dev.belfry.run.Unique;
import dev.belfry.store.Due;
import dev.belfry.store.Ending;
import dev.belfry.store.NodeCard;
import dev.belfry.store.Outcome;
import dev.belfry.store.PassReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Common searches are walks along an index, among 100,000 ended runs and 20,000 that wait. */
class SearchPlanTest extends DatabaseTest {
  private static final int ENDED = 100_000;
  private static final int WAITING = 20_000;

  @BeforeEach
  void fill() {
    JdbcJobStore store = store();
    store.open();
    NodeId node = store.join(new NodeCard("node", "test", Set.of(JOB)), Duration.ofSeconds(9));
    store.insert(
        List.of(
            newRun().withUnique(Optional.of(Unique.within(Duration.ofDays(1), "k"))), newRun()));
    var claimed = claimOne(store, node);
    var done = new Ending.Completed(payload("null"));
    store.exchange(
        node,
        List.of(new Outcome(claimed.id(), claimed.fence(), done, PassReport.NOT_STARTED)),
        List.of());
    store.insert(List.of(newRun().withDue(new Due.After(Duration.ofDays(1)))));
    product().copyRows(database, "belfry_history", "run", ENDED);
    product().copyRows(database, "belfry_run", "id", WAITING);
    execute(
        "insert into belfry_run_key (run, unique_key) select run, concat('k-', fence, job)"
            + " from belfry_history where run not in (select run from belfry_run_key)");
    product().analyze(database);
  }

  /** Returns the plans of what a search selects page by page. */
  private List<String> plans(
      Consumer<JdbcJobStore> search, BiFunction<EmptyDatabase, String, String> plan) {
    var selects = new ArrayList<String>();
    JdbcJobStore told = JdbcJobStore.using(BoundPool.of(pool, selects::add)).withTime(clock);
    told.open();
    selects.clear();
    search.accept(told);
    return selects.stream()
        .filter(sql -> sql.contains(" limit "))
        .map(sql -> plan.apply(database, sql).toLowerCase(Locale.ROOT))
        .toList();
  }

  private List<String> plans(RunQuery query) {
    return plans(store -> store.runs(query), product()::plan);
  }

  /** Requires that a plan takes rows as an index has them. */
  private void assertWalk(String plan, String index) {
    assertThat(plan).contains(index).doesNotContain("sort key", "seq scan", "filesort");
    if (product() == Product.H2) {
      assertThat(plan).contains("/* index sorted */").doesNotContain("tablescan");
    }
  }

  /** Requires that a plan finds the few rows that there are by an index; it may sort them. */
  private static void assertFinds(String plan, String index) {
    assertThat(plan).contains(index).doesNotContain("seq scan", "index_merge", "tablescan");
  }

  /** Most runs complete, so PostgreSQL has no index of its own for them. */
  private String indexOfCompletedRuns() {
    return product() == Product.POSTGRES ? "belfry_history_pkey" : "belfry_history_by_status";
  }

  private String primaryKeyOfRuns() {
    return product() == Product.POSTGRES ? "using belfry_run_pkey" : "primary";
  }

  /** One test, as it takes seconds to fill the tables. */
  @Test
  void commonSearches_readNoMoreThanTheyMust() {
    assertAll(
        this::newestRuns_areTheEndOfEachIndex,
        this::newestRunsOfAJob_areTheEndOfItsPartOfTheIndex,
        this::runsOfAJobInOneState_areAPartOfAnIndex,
        this::runningRuns_areFoundWithoutReadingThoseThatWait,
        this::runsWithAKey_areFoundByIt,
        this::ledger_isReadAlongAnIndex_fromAnyPlace);
  }

  private void newestRuns_areTheEndOfEachIndex() {
    List<String> plans = plans(RunQuery.all());

    assertThat(plans).hasSize(6);
    assertWalk(plans.get(0), primaryKeyOfRuns());
    assertWalk(plans.get(1), indexOfCompletedRuns());
    plans.subList(2, 6).forEach(plan -> assertWalk(plan, "belfry_history_by_status"));
  }

  private void newestRunsOfAJob_areTheEndOfItsPartOfTheIndex() {
    List<String> plans = plans(RunQuery.ofJob("job-0"));

    assertThat(plans).as("no lane, nothing pending").hasSize(5);
    assertWalk(plans.get(0), "belfry_history_of_job");
    assertFinds(plans.get(1), "belfry_history_of_job");
    assertWalk(plans(RunQuery.ofJob(JOB)).get(0), primaryKeyOfRuns());
  }

  private void runsOfAJobInOneState_areAPartOfAnIndex() {
    assertFinds(plans(RunQuery.ofJob("job-0").in(Status.FAILED)).get(0), "belfry_history_of_job");
    assertWalk(plans(RunQuery.ofJob("job-7").in(Status.COMPLETED)).get(0), "belfry_history_of_job");
    assertWalk(plans(RunQuery.all().in(Status.FAILED)).get(0), "belfry_history_by_status");
    assertWalk(plans(RunQuery.ofJob(JOB).in(Status.SCHEDULED)).get(0), primaryKeyOfRuns());
  }

  private void runningRuns_areFoundWithoutReadingThoseThatWait() {
    assertThat(plans(RunQuery.ofJob(JOB).in(Status.RUNNING)).get(0))
        .containsAnyOf("belfry_run_of_node", "belfry_run_ready");
  }

  private void runsWithAKey_areFoundByIt() {
    assertFinds(plans(RunQuery.all().keyed("k")).get(0), "belfry_run_by_key");
  }

  private void ledger_isReadAlongAnIndex_fromAnyPlace() {
    LedgerQuery all = LedgerQuery.all().withLatest();
    LedgerCursor cursor = store().ledger(all).last().orElseThrow();
    for (LedgerQuery query : List.of(all, all.after(cursor))) {
      List<String> plans = plans(store -> store.ledger(query), product()::planByIndexes);

      assertThat(plans).hasSize(6);
      plans.forEach(plan -> assertWalk(plan, "belfry_history_by_end"));
    }
  }
}
