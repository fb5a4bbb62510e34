// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.RunId;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A tick to fire: applied as a whole in one transaction if the schedule still has this version,
 * this next tick and this last run, is not paused, and the tick has come; otherwise refused.
 *
 * @param schedule the schedule's id
 * @param version the version that was seen
 * @param nominal the tick that was seen as next
 * @param lastRun the last run that was seen
 * @param tick what happens
 * @param next the tick after; empty if there is none or it depends on the end of the new run. Not
 *     used by {@link Park}
 * @param missed earlier ticks that are not made up, if there are any
 */
public record Firing(
    String schedule,
    long version,
    Instant nominal,
    Optional<RunId> lastRun,
    Tick tick,
    Optional<Instant> next,
    Optional<Missed> missed) {
  /** What happens at a tick. */
  public sealed interface Tick {}

  /**
   * A run starts. Its tick (schedule, nominal time) is unique for all time: if it exists already,
   * no run is inserted and the schedule moves on.
   *
   * @param run the run, whose trigger names the schedule and the nominal time
   */
  public record Start(NewRun run) implements Tick {}

  /** No run starts. */
  public record Skip() implements Tick {}

  /**
   * The schedule waits for the end of a run; then the tick at {@code nominal} fires.
   *
   * @param on the run, which becomes watched; if it has ended, the firing is refused
   * @param cancel whether that run is asked to end
   */
  public record Park(RunId on, boolean cancel) implements Tick {}

  /**
   * Ticks that are not made up. They leave one SKIPPED record.
   *
   * @param record the id of that record
   * @param first the first of them
   * @param last the last of them
   * @param count how many
   * @param reason why, in words
   */
  public record Missed(RunId record, Instant first, Instant last, long count, String reason) {
    private static final Pattern SPAN =
        Pattern.compile("(?:the tick at|ticks from) (\\S+)(?: to (\\S+))?$");

    /** Returns the sentence that the record keeps. */
    public String detail() {
      String what =
          count == 1 ? "the tick at " + first : count + " ticks from " + first + " to " + last;
      return reason + ": " + what;
    }

    /**
     * Returns whether a record is about a tick.
     *
     * @param detail the sentence that the record keeps
     */
    public static boolean covers(String detail, Instant tick) {
      Matcher span = SPAN.matcher(detail);
      if (!span.find()) {
        return false;
      }
      Instant first = Instant.parse(span.group(1));
      Instant last = span.group(2) == null ? first : Instant.parse(span.group(2));
      return !tick.isBefore(first) && !tick.isAfter(last);
    }
  }
}
