// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.Failure;
import dev.belfry.run.Pass;
import dev.belfry.run.Run;
import dev.belfry.run.RunId;
import dev.belfry.run.RunState;
import dev.belfry.store.JobStore;
import dev.belfry.store.Memo;
import dev.belfry.store.NodeInfo;
import dev.belfry.store.RunRecord;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Says in a sentence where a run is and, if it has not started, why not. */
final class Explanation {
  /*
   * Each cause says its part of the sentence, or nothing if it is not the one; the first that speaks
   * is told. A new cause is a line here, a method, and a row of docs/explain.md with its test.
   */

  /** Why a run that is due has not started, after "is due since …, and waits: ". */
  private static final List<Function<Explanation, Optional<String>>> HELD_UP =
      List.of(
          Explanation::cancelled, Explanation::paused, Explanation::unserved, Explanation::held);

  /** What a run whose time is to come has that time of, after "is due at …: ". */
  private static final List<Function<Explanation, Optional<String>>> TO_COME =
      List.of(Explanation::retried, Explanation::snoozed, Explanation::asleep);

  private final JobStore store;
  private final Present present;
  private final RunRecord record;
  private final Run run;
  private final Optional<Pass> last;

  private Explanation(JobStore store, RunRecord record) {
    this.store = store;
    this.present = Present.of(store);
    this.record = record;
    this.run = record.run();
    List<Pass> passes = store.passes(run.id());
    this.last = passes.isEmpty() ? Optional.empty() : Optional.of(passes.get(passes.size() - 1));
  }

  static String of(JobStore store, RunId id) {
    return store.runs(List.of(id)).stream()
        .findFirst()
        .map(record -> of(store, record))
        .orElse("there is no run " + id + "; its history may have been deleted");
  }

  static String of(JobStore store, RunRecord record) {
    return "run " + record.run().id() + " " + new Explanation(store, record).predicate();
  }

  private String predicate() {
    RunState state = run.state();
    if (state instanceof RunState.Running running) {
      return "is running on " + holder(running);
    } else if (state instanceof RunState.Blocked blocked) {
      return "is blocked: " + blocked.reason() + "; retry or cancel it";
    } else if (state instanceof RunState.Waiting waiting) {
      return "waits: " + waiting.reason() + until();
    } else if (state instanceof RunState.Scheduled scheduled) {
      return gathered().orElseGet(() -> when(scheduled));
    }
    var ended = (RunState.Ended) state;
    return "ended at " + ended.at() + " " + Handles.endOf(state) + whyLast(ended);
  }

  private Optional<String> gathered() {
    return store
        .gathered(run.id())
        .filter(others -> others.until().isAfter(present.now()))
        .map(LimitWords::gathered);
  }

  private String when(RunState.Scheduled state) {
    return state.due().isAfter(present.now())
        ? LimitWords.untilThen(state.due(), record.heldFor())
            + first(TO_COME).map(why -> ": " + why).orElse("")
        : "is due since " + state.due() + again() + " and waits" + why();
  }

  private Optional<String> first(List<Function<Explanation, Optional<String>>> causes) {
    return causes.stream().flatMap(cause -> cause.apply(this).stream()).findFirst();
  }

  // Due

  private String why() {
    return first(HELD_UP).orElse(" for a free worker");
  }

  private Optional<String> cancelled() {
    return run.cancelRequested()
        ? Optional.of(
            " to end, as somebody asked; "
                + present
                    .lackOf(run.job())
                    .orElse("the next node that claims it ends it without its handler"))
        : Optional.empty();
  }

  private Optional<String> paused() {
    return present.pauseOf(run.job()).map(pause -> ": " + pause);
  }

  private Optional<String> unserved() {
    return present.lackOf(run.job()).map(lack -> ": " + lack);
  }

  private Optional<String> held() {
    return LimitWords.whatFor(record.heldFor()).map(what -> " for " + what);
  }

  /** What has had a run that is due come back, where nobody asked for it. */
  private String again() {
    return of(Pass.Event.LOST)
        .or(() -> of(Pass.Event.HANDED_BACK))
        .map(pass -> " (" + pass.detail() + ")")
        .orElse("");
  }

  // To come

  private Optional<String> retried() {
    return of(Pass.Event.RETRIED)
        .map(
            pass ->
                pass.detail()
                    + pass.failure().map(failure -> "; it failed of " + failure).orElse(""));
  }

  private Optional<String> snoozed() {
    return of(Pass.Event.SNOOZED).map(pass -> "it is snoozed: " + pass.detail());
  }

  private Optional<String> asleep() {
    return of(Pass.Event.SUSPENDED).map(pass -> "it is suspended on " + pass.detail());
  }

  private Optional<Pass> of(Pass.Event event) {
    return last.filter(pass -> pass.event() == event);
  }

  // Begun, and ended

  private String holder(RunState.Running running) {
    String asked = run.cancelRequested() ? ", asked to end" : "";
    String since = " since " + running.since() + ", attempt " + running.attempt() + asked;
    Optional<NodeInfo> node = present.node(running.node());
    if (node.isEmpty()) {
      return "node "
          + running.node()
          + since
          + "; that node is gone, so the run is taken over soon";
    }
    Instant lease = node.get().leaseUntil();
    String held =
        lease.isBefore(present.now())
            ? "; the lease of that node ended at " + lease + ", so the run is taken over soon"
            : ", under a lease until " + lease;
    return node.get().card().name() + since + held;
  }

  /** When a wait ends by itself. */
  private String until() {
    return store.memos(List.of(run.id())).getOrDefault(run.id(), List.of()).stream()
        .filter(memo -> !memo.value().isSettled())
        .map(Memo::until)
        .flatMap(Optional::stream)
        .min(Instant::compareTo)
        .map(end -> ", until " + end)
        .orElse(", for as long as it takes");
  }

  /** Why no further attempt follows, unless what it died of says it. */
  private String whyLast(RunState.Ended ended) {
    Optional<Failure> failure = Optional.empty();
    if (ended instanceof RunState.Failed failed) {
      failure = Optional.of(failed.failure());
    } else if (ended instanceof RunState.TimedOut timedOut) {
      failure = Optional.of(timedOut.failure());
    }
    return failure
        .flatMap(of -> last.map(Pass::detail).filter(detail -> !says(of, detail)))
        .map(detail -> " (" + detail + ")")
        .orElse("");
  }

  private static boolean says(Failure failure, String detail) {
    return detail.isEmpty()
        || (!failure.message().isEmpty() && detail.startsWith(failure.message()));
  }
}
