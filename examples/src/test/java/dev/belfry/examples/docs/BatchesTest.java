// SPDX-License-Identifier: Apache-2.0
package dev.belfry.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.BatchItem;
import dev.belfry.Job;
import dev.belfry.Scheduler;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.store.JobStore;
import dev.belfry.testkit.VirtualTime;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The code in the page on flow control that is about batches. */
class BatchesTest {
  record Reading(String device, int number) {}

  /** Where readings go in this test; it refuses those that are negative. */
  private static final class Archive {
    private final List<List<Integer>> requests = new ArrayList<>();

    Set<Reading> addAll(List<Reading> readings) {
      requests.add(readings.stream().map(Reading::number).toList());
      return readings.stream().filter(each -> each.number() < 0).collect(Collectors.toSet());
    }
  }

  @Test
  void readings_areArchivedInBatchesOfTheirDevice() {
    var archive = new Archive();
    Job<Reading> archiveReading =
        Job.named("archive-reading", Reading.class)
            .retry(RetryPolicy.fixed(Duration.ofMinutes(1)).withMaxAttempts(2))
            .batch(
                100, // at once, or
                Duration.ofSeconds(5), // after the first
                Reading::device,
                (ctx, items) -> {
                  Set<Reading> refused =
                      archive.addAll(items.stream().map(BatchItem::input).toList());
                  for (BatchItem<Reading> item : items) {
                    if (refused.contains(item.input())) {
                      item.fail(new IOException("refused")); // this one comes again
                    }
                  }
                });
    VirtualTime time = VirtualTime.from(Instant.parse("2026-03-02T08:00:00Z"), 7);

    try (Scheduler scheduler =
        Scheduler.builder()
            .store(JobStore.inMemory(time.clock()))
            .host(time.newHost())
            .register(archiveReading)
            .start()) {
      scheduler.enqueueAll(
          archiveReading,
          List.of(
              new Reading("north", 1),
              new Reading("south", 2),
              new Reading("north", -3),
              new Reading("north", 4)));
      time.advance(Duration.ofMinutes(5));
    }

    assertThat(archive.requests).containsExactly(List.of(1, -3, 4), List.of(2), List.of(-3));
  }
}
