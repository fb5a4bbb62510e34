// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a schedule does beside naming its ticks. */
record Policies(CatchUp catchUp, Overlap overlap, DstPolicy dst, Duration jitter) {
  private static final Duration LONGEST_JITTER = Duration.ofDays(1);

  static final Policies DEFAULT =
      new Policies(CatchUp.latest(), Overlap.SKIP, DstPolicy.RUN_ONCE, Duration.ZERO);

  Policies {
    requireNonNull(catchUp, "catchUp");
    requireNonNull(overlap, "overlap");
    requireNonNull(dst, "dst");
    if (requireNonNull(jitter, "jitter").isNegative() || jitter.compareTo(LONGEST_JITTER) > 0) {
      throw new IllegalArgumentException("jitter must be from 0 to 1 day, was " + jitter);
    }
    Micros.requireWhole(jitter, "jitter");
  }

  Policies with(CatchUp policy) {
    return new Policies(policy, overlap, dst, jitter);
  }

  Policies with(Overlap policy) {
    return new Policies(catchUp, policy, dst, jitter);
  }

  Policies with(DstPolicy policy) {
    return new Policies(catchUp, overlap, policy, jitter);
  }

  Policies with(Duration newJitter) {
    return new Policies(catchUp, overlap, dst, newJitter);
  }

  /** As parts of a schedule's text; those that are the default are left out. */
  List<String> texts() {
    List<String> texts = new ArrayList<>();
    if (catchUp instanceof CatchUp.Skip) {
      texts.add("catch-up skip");
    } else if (catchUp instanceof CatchUp.All all) {
      texts.add("catch-up all " + all.maxCount() + " " + all.maxAge());
    }
    if (overlap != Overlap.SKIP) {
      texts.add("overlap " + ScheduleParser.word(overlap));
    }
    if (dst != DstPolicy.RUN_ONCE) {
      texts.add("dst " + ScheduleParser.word(dst));
    }
    if (!jitter.isZero()) {
      texts.add("jitter " + jitter);
    }
    return texts;
  }
}
