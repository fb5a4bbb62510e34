// SPDX-License-Identifier: Apache-2.0
package dev.belfry.run;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * Where a run is in its life. Each state holds only the facts that exist in it and offers only the
 * moves that are legal from it: a scheduled run has no node, an ended run has nothing left to do.
 *
 * <p>{@code attempt} counts the attempts opened so far. A claim opens one if the state {@code
 * opens}; a snooze or a wait goes on with the attempt it interrupted.
 */
public sealed interface RunState {
  /** Returns the stable name of this state. */
  Status status();

  /** A state that is not final: whatever else it may do, it can be cancelled. */
  sealed interface Open extends RunState {
    /** Returns how many attempts were opened so far. */
    int attempt();

    /** Ends the run because somebody asked. */
    default Cancelled cancel(Instant at, String reason) {
      return new Cancelled(at, reason);
    }
  }

  /** A state that never changes again. */
  sealed interface Ended extends RunState {
    /** Returns when the run ended, by the store's clock. */
    Instant at();
  }

  /**
   * Waits for its due time, or, once that has come, for a free worker.
   *
   * @param due the earliest instant at which the run may start
   * @param attempt the attempts opened so far
   * @param opens whether the next claim opens another attempt
   */
  record Scheduled(Instant due, int attempt, boolean opens) implements Open {
    /** Refuses null. */
    public Scheduled {
      requireNonNull(due, "due");
    }

    /** Returns the state of a run that was never started. */
    public static Scheduled first(Instant due) {
      return new Scheduled(due, 0, true);
    }

    /** Gives the run to a node. */
    public Running claim(NodeId node, Instant at) {
      return new Running(node, at, opens ? attempt + 1 : attempt, opens);
    }

    /** Moves the due time. */
    public Scheduled moveTo(Instant newDue) {
      return new Scheduled(newDue, attempt, opens);
    }

    /** Ends the run unstarted. */
    public Skipped skip(Instant at, String reason) {
      return new Skipped(at, reason);
    }

    @Override
    public Status status() {
      return Status.SCHEDULED;
    }
  }

  /**
   * Waits for something other than time.
   *
   * @param reason what it waits for, in words
   * @param attempt the attempts opened so far
   */
  record Waiting(String reason, int attempt) implements Open {
    /** Goes on with the attempt that began to wait. */
    public Scheduled wake(Instant due) {
      return new Scheduled(due, attempt, false);
    }

    @Override
    public Status status() {
      return Status.WAITING;
    }
  }

  /**
   * Can't be started as it is, until an operator or newer code releases it.
   *
   * @param reason why, in words
   * @param attempt the attempts opened so far
   */
  record Blocked(String reason, int attempt) implements Open {
    /** Lets the run be tried again. */
    public Scheduled release(Instant due) {
      return new Scheduled(due, attempt, true);
    }

    @Override
    public Status status() {
      return Status.BLOCKED;
    }
  }

  /**
   * Held by one node.
   *
   * @param node the holder
   * @param since when it was claimed, by the store's clock
   * @param attempt the attempts opened so far, the present one included
   * @param opened whether the claim opened this attempt
   */
  record Running(NodeId node, Instant since, int attempt, boolean opened) implements Open {
    /** Refuses null. */
    public Running {
      requireNonNull(node, "node");
      requireNonNull(since, "since");
    }

    /** Ends the run well. */
    public Completed complete(Instant at) {
      return new Completed(at);
    }

    /** Ends the run badly. */
    public Failed fail(Instant at, Failure failure) {
      return new Failed(at, failure);
    }

    /** Ends the run because it took too long. */
    public TimedOut timeOut(Instant at, Failure failure) {
      return new TimedOut(at, failure);
    }

    /** Ends the run unstarted, by a policy that is decided at claim. */
    public Skipped skip(Instant at, String reason) {
      return new Skipped(at, reason);
    }

    /** Has another attempt at {@code due}. */
    public Scheduled retry(Instant due) {
      return new Scheduled(due, attempt, true);
    }

    /** Goes on with this attempt at {@code due}. */
    public Scheduled snooze(Instant due) {
      return new Scheduled(due, attempt, false);
    }

    /** Gives the run back as it was before the claim: the attempt that it opened is not counted. */
    public Scheduled handBack(Instant due) {
      return new Scheduled(due, opened ? attempt - 1 : attempt, opened);
    }

    /** Frees the run of a dead node; what the node began counts as an attempt. */
    public Scheduled lose(Instant due) {
      return new Scheduled(due, attempt, true);
    }

    /** Puts the run aside; the attempt that the claim opened is not counted. */
    public Blocked block(String reason) {
      return new Blocked(reason, opened ? attempt - 1 : attempt);
    }

    /** Waits for something other than time, holding nothing. */
    public Waiting await(String reason) {
      return new Waiting(reason, attempt);
    }

    @Override
    public Status status() {
      return Status.RUNNING;
    }
  }

  /**
   * Ended well.
   *
   * @param at when, by the store's clock
   */
  record Completed(Instant at) implements Ended {
    @Override
    public Status status() {
      return Status.COMPLETED;
    }
  }

  /**
   * Ended badly.
   *
   * @param at when, by the store's clock
   * @param failure what the last attempt died of
   */
  record Failed(Instant at, Failure failure) implements Ended {
    @Override
    public Status status() {
      return Status.FAILED;
    }
  }

  /**
   * Ended because the last attempt ran past its timeout.
   *
   * @param at when, by the store's clock
   * @param failure the timeout, and what the handler threw when it was told, if it did
   */
  record TimedOut(Instant at, Failure failure) implements Ended {
    @Override
    public Status status() {
      return Status.TIMED_OUT;
    }
  }

  /**
   * Ended because somebody asked.
   *
   * @param at when, by the store's clock
   * @param reason who asked, or why
   */
  record Cancelled(Instant at, String reason) implements Ended {
    @Override
    public Status status() {
      return Status.CANCELLED;
    }
  }

  /**
   * Never started, by a policy.
   *
   * @param at when that was decided, by the store's clock
   * @param reason the policy, in words
   */
  record Skipped(Instant at, String reason) implements Ended {
    @Override
    public Status status() {
      return Status.SKIPPED;
    }
  }
}
