// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toMap;

import dev.belfry.run.RunId;
import dev.belfry.run.Trigger;
import dev.belfry.store.JobStore;
import dev.belfry.store.NewRun;
import dev.belfry.store.RecordQuery;
import dev.belfry.store.RecordWrite;
import dev.belfry.store.Records;
import dev.belfry.store.StoredRecord;
import dev.belfry.store.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/** Which alerts are open, on all nodes together, and how they are told. Thread-safe. */
final class AlertBook {
  /*
   * A record for each rule and job says what was told last, and which run tells it. When something
   * begins, it is written first, guarded by its version, so that of several nodes one tells; then
   * the run is inserted. A node may die between: so whoever sees an open alert again, or ends it,
   * inserts its run too, which changes nothing if it is there. When it is over, the run comes first,
   * under an id that follows from the other: a record that says so would not be looked at again.
   */
  private static final int MOST = 1_000;

  private final JobStore store;
  private final Records records;
  private final Payloads payloads;
  private final Jobs jobs;
  private final RunIds ids;
  private final Silences silences;
  private final Duration kept;
  private final Set<RunId> inserted = ConcurrentHashMap.newKeySet(); // by this node

  AlertBook(Settings settings) {
    this.store = settings.store();
    this.records = store.records();
    this.payloads = settings.payloads();
    this.jobs = settings.jobs();
    this.ids = new RunIds(settings.host());
    this.silences = new Silences(store);
    this.kept = settings.retention().ended();
  }

  /** Returns what is open of a job, by the name of the rule. */
  Map<String, AlertState> openOf(String job) {
    return open(AlertState.JOB, job, state -> state.alert().rule());
  }

  /** Returns what is open of a rule, by the name of the job. */
  Map<String, AlertState> openOf(AlertRule rule) {
    return open(AlertState.OPEN_RULE, rule.name(), state -> state.alert().job().orElse(""));
  }

  private Map<String, AlertState> open(
      int attribute, String value, Function<AlertState, String> key) {
    return records
        .list(RecordQuery.of(AlertState.KIND, MOST).with(attribute, value))
        .items()
        .stream()
        .map(AlertState::of)
        .filter(AlertState::isOpen)
        .collect(toMap(key, state -> state));
  }

  /**
   * Tells what a rule has found, unless it is open or silenced.
   *
   * @param alert is asked only if there is something to tell
   * @return whether it is told, by now or before
   */
  boolean open(AlertRule rule, String job, Supplier<Alert> alert) {
    while (true) {
      Optional<StoredRecord> record = records.get(AlertState.KIND, id(rule, job));
      Optional<AlertState> open = record.map(AlertState::of).filter(AlertState::isOpen);
      Instant now = store.now();
      if (open.isPresent() && !isToRepeat(rule, open.get(), now)) {
        insertAgain(open.get(), now);
        return true;
      }
      if (silences.cover(rule, Optional.of(job), now)) {
        return open.isPresent();
      }
      var told = new AlertState(alert.get(), ids.next(), now);
      if (write(record, rule, job, told)) {
        insert(told);
        return true;
      }
    }
  }

  private static boolean isToRepeat(AlertRule rule, AlertState open, Instant now) {
    return rule.repeat().filter(interval -> !open.toldAt().plus(interval).isAfter(now)).isPresent();
  }

  /** Tells that what a rule had found is over, if it was told. */
  void close(AlertRule rule, String job, Instant at) {
    while (true) {
      Optional<StoredRecord> record = records.get(AlertState.KIND, id(rule, job));
      Optional<AlertState> open = record.map(AlertState::of).filter(AlertState::isOpen);
      if (open.isEmpty()) {
        return;
      }
      RunId end = PassValues.idFor(open.get().run(), "@recovered");
      var over = new AlertState(open.get().recovery(at), end, at);
      insertAgain(open.get(), store.now());
      insert(over);
      if (write(record, rule, job, over)) {
        return;
      }
    }
  }

  /** Tells of something that has no end; {@code what} is unique for it. */
  void tell(AlertRule rule, String what, Alert alert) {
    if (silences.cover(rule, alert.job(), store.now())) {
      return;
    }
    String hash = Hashes.sha256(rule.name(), what);
    RunId id =
        RunId.of(
            alert.first().toEpochMilli(),
            HexFormat.fromHexDigits(hash, 0, 3),
            HexFormat.fromHexDigitsToLong(hash, 3, 19));
    insert(new AlertState(alert, id, alert.last()));
  }

  private boolean write(
      Optional<StoredRecord> before, AlertRule rule, String job, AlertState state) {
    long version = before.map(StoredRecord::version).orElse(0L);
    var put = new RecordWrite.Put(AlertState.KIND, id(rule, job), version, state.content());
    return records.write(List.of(put)).get(0) != Verdict.REFUSED; // else another node was first
  }

  private static String id(AlertRule rule, String job) {
    return rule.name() + " " + job;
  }

  /** Whoever wrote it may have died; a run that history has forgotten would be told twice. */
  private void insertAgain(AlertState open, Instant now) {
    if (open.toldAt().plus(kept).isAfter(now)) {
      insert(open);
    }
  }

  private void insert(AlertState state) {
    if (inserted.contains(state.run())) {
      return;
    }
    Alert alert = state.alert();
    JobDefinition<Alert, ?> teller = AlertJob.in(jobs);
    NewRun run =
        NewRun.of(state.run(), teller.name(), payloads.input(teller, alert))
            .withTags(tagsOf(alert))
            .withTrigger(
                alert.run().map(Trigger::parent).orElseGet(Trigger::enqueue).by(alert.rule()));
    store.insert(List.of(RunLimit.place(teller, alert, run)));
    if (inserted.size() >= MOST) {
      inserted.clear(); // it only saves inserts that would change nothing
    }
    inserted.add(state.run());
  }

  /** Whoever may see a job's runs by its tags may see its alerts. */
  private List<String> tagsOf(Alert alert) {
    return alert
        .job()
        .map(jobs::find)
        .<List<String>>map(job -> requireNonNull(job).tags())
        .orElse(List.of());
  }
}
