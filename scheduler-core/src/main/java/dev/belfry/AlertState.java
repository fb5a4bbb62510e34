// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.belfry.run.RunId;
import dev.belfry.run.TypeRef;
import dev.belfry.store.Codec;
import dev.belfry.store.RecordContent;
import dev.belfry.store.StoredRecord;
import java.time.Duration;
import java.time.Instant;

/**
 * What a rule has told last of a job.
 *
 * @param alert the alert; open unless it is a recovery
 * @param run the run that brings it to the sinks
 * @param toldAt when it was told
 */
record AlertState(Alert alert, RunId run, Instant toldAt) {
  static final String KIND = "alert";

  /** Where the name of the job is among the attributes. */
  static final int JOB = 0;

  /** Where the name of the rule is, while the alert is open. */
  static final int OPEN_RULE = 1;

  private static final TypeRef<AlertState> TYPE = TypeRef.of(AlertState.class);
  private static final Codec CODEC = Codec.standard(); // whatever the one of the application

  /** What has not been seen for so long is told as new. */
  private static final Duration KEPT = Duration.ofDays(90);

  static AlertState of(StoredRecord record) {
    return CODEC.decode(TYPE, record.content().json().getBytes(UTF_8));
  }

  RecordContent content() {
    String json = new String(CODEC.encode(TYPE, this), UTF_8);
    return RecordContent.of(json)
        .withAttributes(alert.job().orElse(""), isOpen() ? alert.rule() : "")
        .until(toldAt.plus(KEPT));
  }

  boolean isOpen() {
    return !alert.recovered();
  }

  /** Returns the alert that says that this one is over. */
  Alert recovery(Instant at) {
    return new Alert(
        alert.rule(),
        alert.job(),
        alert.run(),
        "recovered at " + at + ": " + alert.sentence(),
        alert.first(),
        at,
        alert.count(),
        true);
  }
}
