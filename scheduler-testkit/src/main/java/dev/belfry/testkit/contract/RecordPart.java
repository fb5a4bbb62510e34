// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.belfry.run.Page;
import dev.belfry.store.JobStore;
import dev.belfry.store.RecordContent;
import dev.belfry.store.RecordQuery;
import dev.belfry.store.RecordWrite;
import dev.belfry.store.Retention;
import dev.belfry.store.StoredRecord;
import dev.belfry.store.Verdict;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Other modules keep rows of their own, and never overwrite what they have not seen. */
abstract class RecordPart extends ContractPart {
  private static final String KIND = "endpoint";
  private static final RecordContent ONE = RecordContent.of("{\"n\":1}");
  private static final RecordContent TWO = RecordContent.of("{\"n\":2}");

  RecordPart(Function<? super InstantSource, ? extends JobStore> opener) {
    super(opener);
  }

  private Verdict write(RecordWrite write) {
    return store.records().write(List.of(write)).get(0);
  }

  private Verdict put(String id, long version, RecordContent content) {
    return write(new RecordWrite.Put(KIND, id, version, content));
  }

  private Verdict delete(String id, long version) {
    return write(new RecordWrite.Delete(KIND, id, version));
  }

  private Optional<StoredRecord> get(String id) {
    return store.records().get(KIND, id);
  }

  private List<String> ids(RecordQuery query) {
    return store.records().list(query).items().stream().map(StoredRecord::id).toList();
  }

  @Test
  void put_makesARecord() {
    var content =
        ONE.withAttributes("a", "", "c").until(START.plus(Duration.ofDays(1)).plusNanos(1));

    assertThat(put("x", 0, content)).isEqualTo(Verdict.APPLIED);

    assertThat(get("x")).contains(new StoredRecord(KIND, "x", 1, content));
    assertThat(get("y")).isEmpty();
    assertThat(store.records().get("other", "x")).isEmpty();
  }

  @Test
  void put_replacesTheVersionThatWasSeen() {
    put("x", 0, ONE.withAttributes("a"));

    assertThat(put("x", 1, TWO)).isEqualTo(Verdict.APPLIED);

    assertThat(get("x")).contains(new StoredRecord(KIND, "x", 2, TWO));
    assertThat(ids(RecordQuery.of(KIND, 5).with(0, "a"))).isEmpty();
  }

  @Test
  void put_isRefusedIfAnotherWasFaster() {
    put("x", 0, ONE);

    assertThat(put("x", 0, TWO)).isEqualTo(Verdict.REFUSED);
    assertThat(put("x", 2, TWO)).isEqualTo(Verdict.REFUSED);
    assertThat(put("y", 1, TWO)).isEqualTo(Verdict.REFUSED);

    assertThat(get("x")).contains(new StoredRecord(KIND, "x", 1, ONE));
    assertThat(get("y")).isEmpty();
  }

  @Test
  void putAgain_isRepeated() {
    put("x", 0, ONE);

    assertThat(put("x", 0, ONE)).isEqualTo(Verdict.REPEATED);

    assertThat(get("x")).contains(new StoredRecord(KIND, "x", 1, ONE));
  }

  @Test
  void delete_removesTheVersionThatWasSeen() {
    put("x", 0, ONE);
    assertThat(delete("x", 2)).isEqualTo(Verdict.REFUSED);
    assertThat(get("x")).isPresent();

    assertThat(delete("x", 1)).isEqualTo(Verdict.APPLIED);

    assertThat(get("x")).isEmpty();
    assertThat(delete("x", 1)).isEqualTo(Verdict.REPEATED);
    assertThat(put("x", 0, TWO)).isEqualTo(Verdict.APPLIED);
  }

  @Test
  void write_ofMany_judgesEachByItself() {
    put("x", 0, ONE);

    var verdicts =
        store
            .records()
            .write(
                List.of(
                    new RecordWrite.Put(KIND, "z", 0, ONE),
                    new RecordWrite.Put(KIND, "x", 0, TWO),
                    new RecordWrite.Delete(KIND, "x", 1),
                    new RecordWrite.Put(KIND, "x", 0, TWO),
                    new RecordWrite.Put("a", "x", 0, ONE)));

    assertThat(verdicts)
        .containsExactly(
            Verdict.APPLIED, Verdict.REFUSED, Verdict.APPLIED, Verdict.APPLIED, Verdict.APPLIED);
    assertThat(get("x")).contains(new StoredRecord(KIND, "x", 1, TWO));
  }

  @Test
  void list_isInOrderOfIdAndInPages() {
    for (String id : List.of("b", "a", "d", "c")) {
      put(id, 0, ONE);
    }
    write(new RecordWrite.Put("other", "aa", 0, ONE));

    Page<StoredRecord> page = store.records().list(RecordQuery.of(KIND, 3));

    assertThat(page.items()).extracting(StoredRecord::id).containsExactly("a", "b", "c");
    assertThat(page.more()).isTrue();
    assertThat(ids(RecordQuery.of(KIND, 3).after("c"))).containsExactly("d");
    assertThat(store.records().list(RecordQuery.of(KIND, 4)).more()).isFalse();
    assertThat(ids(RecordQuery.of("none", 4))).isEmpty();
  }

  @Test
  void list_findsByEachAttribute() {
    put("1", 0, ONE.withAttributes("a", "b", "c"));
    put("2", 0, ONE.withAttributes("a", "x"));
    put("3", 0, ONE.withAttributes("x"));
    put("4", 0, ONE);

    assertThat(ids(RecordQuery.of(KIND, 5).with(0, "a"))).containsExactly("1", "2");
    assertThat(ids(RecordQuery.of(KIND, 5).with(1, "x"))).containsExactly("2");
    assertThat(ids(RecordQuery.of(KIND, 5).with(2, "c"))).containsExactly("1");
    assertThat(ids(RecordQuery.of(KIND, 5).with(2, ""))).isEmpty();
    assertThat(ids(RecordQuery.of(KIND, 5).with(0, "a").after("1"))).containsExactly("2");
    assertThat(ids(RecordQuery.of(KIND, 1).with(0, "a"))).containsExactly("1");
  }

  @Test
  void recordWhoseTimeIsOver_isNotThere() {
    put("x", 0, ONE.until(START.plusSeconds(5)));
    put("y", 0, ONE.until(START.plusSeconds(6)));
    advance(Duration.ofSeconds(5));

    assertThat(get("x")).isEmpty();
    assertThat(ids(RecordQuery.of(KIND, 5))).containsExactly("y");
    assertThat(put("x", 1, TWO)).isEqualTo(Verdict.REFUSED);
    assertThat(delete("x", 1)).isEqualTo(Verdict.REPEATED);
    assertThat(put("x", 0, TWO)).isEqualTo(Verdict.APPLIED);
    assertThat(get("x")).contains(new StoredRecord(KIND, "x", 1, TWO));
  }

  @Test
  void purge_deletesRecordsWhoseTimeIsOverAndNoOthers() {
    put("x", 0, ONE.until(START.plusSeconds(5)));
    put("y", 0, ONE.until(START.plusSeconds(6)));
    put("z", 0, ONE);
    advance(Duration.ofSeconds(5));

    store.purge(new Retention(Duration.ofDays(1), Duration.ofDays(1)), 10);

    assertThat(ids(RecordQuery.of(KIND, 5))).containsExactly("y", "z");
  }

  @Test
  void json_hasUpTo64KiB() {
    var most = RecordContent.of("x".repeat(65_536));
    put("x", 0, most);

    assertThat(get("x")).map(StoredRecord::content).contains(most);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RecordContent.of("ä".repeat(32_769)))
        .withMessage("JSON text of a record must have at most 65536 bytes, had 65538");
  }

  @Test
  void put_refusesWhatNoStoreKeeps() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ONE.withAttributes("a", "b", "c", "d"))
        .withMessage("a record must have at most 3 attributes, had 4");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RecordWrite.Put("k".repeat(41), "x", 0, ONE))
        .withMessage("kind of a record must have at most 40 characters, had 41");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RecordWrite.Put(KIND, "\ud800", 0, ONE))
        .withMessage("id of a record must not contain NUL or unpaired surrogates");
  }
}
