// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.belfry.run.TypeRef;
import dev.belfry.store.Codec;
import dev.belfry.store.JobStore;
import dev.belfry.store.RecordContent;
import dev.belfry.store.RecordQuery;
import dev.belfry.store.RecordWrite;
import dev.belfry.store.Records;
import dev.belfry.store.StoredRecord;
import dev.belfry.store.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/** The silences and open alerts of a store. Thread-safe. */
final class Silences implements Alerts {
  private static final String KIND = "alert-silence";
  private static final TypeRef<Silence> TYPE = TypeRef.of(Silence.class);
  private static final Codec CODEC = Codec.standard();
  private static final int MOST = 1_000;

  private final JobStore store;
  private final Records records;

  Silences(JobStore store) {
    this.store = store;
    this.records = store.records();
  }

  /** Whether nothing is to be told of a rule and a job. */
  boolean cover(AlertRule rule, Optional<String> job, Instant now) {
    return silences().stream()
        .filter(silence -> silence.until().isAfter(now))
        .filter(silence -> silence.rule().map(rule.name()::equals).orElse(true))
        .anyMatch(silence -> silence.job().isEmpty() || silence.job().equals(job));
  }

  @Override
  public List<Alert> open() {
    return records.list(RecordQuery.of(AlertState.KIND, MOST)).items().stream()
        .map(AlertState::of)
        .filter(AlertState::isOpen)
        .map(AlertState::alert)
        .toList();
  }

  @Override
  public void silence(Silence silence) {
    Instant now = store.now();
    if (!silence.until().isAfter(now)) {
      throw new IllegalArgumentException(
          "a silence must end after now, " + now + ", was until " + silence.until());
    }
    RecordContent content =
        RecordContent.of(new String(CODEC.encode(TYPE, silence), UTF_8)).until(silence.until());
    write(silence, version -> new RecordWrite.Put(KIND, id(silence), version, content));
  }

  @Override
  public void unsilence(Silence silence) {
    write(silence, version -> new RecordWrite.Delete(KIND, id(silence), version));
  }

  /** Whoever comes last is right. */
  private void write(Silence silence, LongFunction<RecordWrite> change) {
    Verdict verdict;
    do {
      long seen = records.get(KIND, id(silence)).map(StoredRecord::version).orElse(0L);
      verdict = records.write(List.of(change.apply(seen))).get(0);
    } while (verdict == Verdict.REFUSED);
  }

  private static String id(Silence silence) {
    return silence.rule().orElse("*") + " " + silence.job().orElse("*");
  }

  @Override
  public List<Silence> silences() {
    return records.list(RecordQuery.of(KIND, MOST)).items().stream()
        .map(record -> CODEC.decode(TYPE, record.content().json().getBytes(UTF_8)))
        .toList();
  }
}
