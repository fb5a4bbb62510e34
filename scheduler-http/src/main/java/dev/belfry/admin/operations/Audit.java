// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.belfry.http.Principal;
import dev.belfry.http.routing.Problem;
import dev.belfry.run.Page;
import dev.belfry.run.TypeRef;
import dev.belfry.store.Codec;
import dev.belfry.store.JobStore;
import dev.belfry.store.RecordContent;
import dev.belfry.store.RecordQuery;
import dev.belfry.store.RecordWrite;
import dev.belfry.store.StoreException;
import dev.belfry.store.StoredRecord;
import dev.belfry.store.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What people have done, kept in the store for 90 days. Thread-safe.
 *
 * <p>A row is written before the action and completed after it. If the first write fails, nothing
 * is done. If the second one does, the action is done and answered nevertheless, and its row stays
 * {@link AuditRow.Outcome#BEGUN}: so all that was done has a row, though not each row was done.
 */
public final class Audit {
  private static final String KIND = "audit";
  private static final Duration KEPT = Duration.ofDays(90);

  /** What there was may be the ids of 1,000 runs; with the rest it must fit into a record. */
  private static final int MOST_BEFORE = 44 * 1024;

  private static final int MOST_AFTER = 8 * 1024;
  private static final int MOST_DETAIL = 1_000;
  private static final int MOST_TARGET = 200;
  private static final int ACTOR = 0;

  /** The form of a row in the store, without what the record itself tells. */
  private record Entry(
      Instant at,
      String actor,
      String action,
      String target,
      Optional<String> before,
      Optional<String> after,
      AuditRow.Outcome outcome,
      String detail) {}

  private static final TypeRef<Entry> ENTRY = TypeRef.of(Entry.class);
  private static final Codec CODEC = Codec.standard(); // whatever the one of the application

  private final JobStore store;
  private final RandomGenerator random;
  private final Redaction redaction;
  private final AtomicLong last = new AtomicLong();

  private Audit(JobStore store, RandomGenerator random, Redaction redaction) {
    this.store = store;
    this.random = random;
    this.redaction = redaction;
  }

  /**
   * Returns the audit log of a store.
   *
   * @param random makes ids unique over several nodes; safe for use by several threads
   * @param redaction hides secrets in what is written
   */
  public static Audit of(JobStore store, RandomGenerator random, Redaction redaction) {
    return new Audit(store, random, redaction);
  }

  /**
   * Does something, and keeps that it was done.
   *
   * @param act does it; what it throws is thrown on, and counts as refused if it is a problem
   * @param after tells what there is then, as JSON text; empty if that is of no interest
   * @throws StoreException if the row can't be written; nothing is done then
   */
  public <T> T record(
      Principal who, Change change, Supplier<T> act, Function<? super T, Optional<String>> after) {
    String id = nextId();
    Entry begun = begin(who, change);
    write(id, 0, begun);
    T result;
    try {
      result = act.get();
    } catch (RuntimeException thrown) {
      complete(
          id,
          begun,
          thrown instanceof Problem ? AuditRow.Outcome.REFUSED : AuditRow.Outcome.FAILED,
          Optional.empty(),
          String.valueOf(thrown.getMessage()));
      throw thrown;
    }
    complete(id, begun, AuditRow.Outcome.DONE, after.apply(result), "");
    return result;
  }

  private Entry begin(Principal who, Change change) {
    return new Entry(
        store.now(),
        who.name(),
        change.action(),
        cut(change.target(), MOST_TARGET),
        change.before().map(json -> json(json, MOST_BEFORE)),
        Optional.empty(),
        AuditRow.Outcome.BEGUN,
        "");
  }

  private void complete(
      String id, Entry begun, AuditRow.Outcome outcome, Optional<String> after, String detail) {
    var whole =
        new Entry(
            begun.at(),
            begun.actor(),
            begun.action(),
            begun.target(),
            begun.before(),
            after.map(json -> json(json, MOST_AFTER)),
            outcome,
            cut(redaction.text(detail), MOST_DETAIL));
    try {
      write(id, 1, whole);
    } catch (StoreException lost) {
      // The row says that it was begun. To fail would have the caller do again what was done.
    }
  }

  private void write(String id, long version, Entry entry) {
    var content =
        RecordContent.of(new String(CODEC.encode(ENTRY, entry), UTF_8))
            .withAttributes(entry.actor(), entry.action(), entry.target())
            .until(entry.at().plus(KEPT));
    Verdict verdict =
        store.records().write(List.of(new RecordWrite.Put(KIND, id, version, content))).get(0);
    if (verdict == Verdict.REFUSED && version == 0) {
      throw new IllegalStateException("audit row " + id + " exists already; ids must be unique");
    }
  }

  /** Later ones sort first: the time counts down, and so do those of one microsecond. */
  private String nextId() {
    long now = ChronoUnit.MICROS.between(Instant.EPOCH, store.now());
    long mine = last.updateAndGet(before -> Math.max(before + 1, now));
    return String.format("%016x-%08x", Long.MAX_VALUE - mine, random.nextInt());
  }

  private String json(String text, int most) {
    String shown = redaction.json(text).orElse("null");
    long escapes = shown.chars().filter(c -> c == '"' || c == '\\').count(); // inside of a string
    return shown.getBytes(UTF_8).length + escapes <= most ? shown : "\"too long to be kept\"";
  }

  private static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most - 1) + "…";
  }

  /**
   * Returns rows, newest first. A confined principal sees only what was done in their own name.
   *
   * @param after the id after which the list goes on
   * @param limit the most to return; 1 to 1,000
   */
  public Page<AuditRow> page(Principal who, Optional<String> after, int limit) {
    RecordQuery query = RecordQuery.of(KIND, Limits.check(limit));
    RecordQuery seen = who.isConfined() ? query.with(ACTOR, who.name()) : query;
    return store.records().list(after.map(seen::after).orElse(seen)).map(Audit::row);
  }

  private static AuditRow row(StoredRecord record) {
    Entry entry = CODEC.decode(ENTRY, record.content().json().getBytes(UTF_8));
    return new AuditRow(
        record.id(),
        entry.at(),
        entry.actor(),
        entry.action(),
        entry.target(),
        entry.before(),
        entry.after(),
        entry.outcome(),
        entry.detail());
  }
}
