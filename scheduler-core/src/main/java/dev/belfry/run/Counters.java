// SPDX-License-Identifier: Apache-2.0
package dev.belfry.run;

/**
 * How many items a run processed. A run that completed with failed items is a partial success.
 *
 * @param succeeded items that went well; not negative
 * @param failed items that did not; not negative
 */
public record Counters(long succeeded, long failed) {
  /** No items. */
  public static final Counters NONE = new Counters(0, 0);

  /** Refuses negative counts. */
  public Counters {
    if (succeeded < 0 || failed < 0) {
      throw new IllegalArgumentException(
          "item counts must not be negative, were " + succeeded + " and " + failed);
    }
  }

  /** Returns the sum of both counts. */
  public long processed() {
    return succeeded + failed;
  }

  /** Returns these counts with others added. */
  public Counters plus(long moreSucceeded, long moreFailed) {
    return new Counters(Math.addExact(succeeded, moreSucceeded), Math.addExact(failed, moreFailed));
  }
}
