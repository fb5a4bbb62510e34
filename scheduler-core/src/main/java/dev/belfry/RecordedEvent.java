// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.EventId;
import dev.belfry.store.SentEvent;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** The event that started a run, in the document of the run. */
record RecordedEvent(
    UUID id, String name, Optional<String> key, RecordedBytes data, Instant sentAt) {
  static RecordedEvent of(SentEvent sent) {
    return new RecordedEvent(
        sent.id().value(), sent.name(), sent.key(), RecordedBytes.of(sent.data()), sent.sentAt());
  }

  SentEvent sent() {
    return new SentEvent(new EventId(id), name, key, data.payload(), sentAt);
  }
}
