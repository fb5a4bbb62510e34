// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.run.RunId;
import dev.belfry.run.Status;
import dev.belfry.run.TypeRef;
import dev.belfry.store.Codec;
import dev.belfry.store.JobStore;
import dev.belfry.store.NewRun;
import dev.belfry.store.Payload;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Several users of one store, and the codec that it names. */
abstract class OpeningPart extends ContractPart {
  private static final TypeRef<Map<String, List<Integer>>> TYPE = new TypeRef<>() {};

  OpeningPart(Function<? super InstantSource, ? extends JobStore> opener) {
    super(opener);
  }

  @Test
  void close_endsOneOpeningOnly() {
    store.open();

    store.close();

    assertThat(read(insert(newRun())).status()).isEqualTo(Status.SCHEDULED);
  }

  @Test
  void openAfterTheLastClose_findsWhatWasThere() {
    RunId run = insert(newRun());

    store.close();
    store.open();

    assertThat(read(run).status()).isEqualTo(Status.SCHEDULED);
  }

  @Test
  void codec_readsWhatItWroteAndTheStoreKept() {
    Codec codec = store.codec();
    Map<String, List<Integer>> input = Map.of("größe", List.of(1, -2), "", List.of());
    RunId id = nextId();

    insert(NewRun.of(id, JOB, Payload.of(codec.id(), codec.encode(TYPE, input))));

    Payload kept = store.runs(List.of(id)).get(0).input();
    assertThat(kept.codec()).isEqualTo(codec.id());
    assertThat(codec.decode(TYPE, kept.bytes())).isEqualTo(input);
  }
}
