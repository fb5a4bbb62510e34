// SPDX-License-Identifier: Apache-2.0
package dev.belfry.run;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * What is stored of a part of a run: a step, a sleep, a wait, an item of a map. A snapshot, for
 * people and for programs that show it; it is kept as long as the run's history.
 *
 * @param scope what it stands in, outermost first: {@code import} for an item of the map {@code
 *     import}, {@code fork:left} for a part in the branch {@code left} of {@code fork}, with {@code
 *     /} between levels and {@code #1} for the second use of an id; empty for most. In ids and
 *     names the characters {@code ~/#:} stand here as {@code ~0 ~1 ~2 ~3}
 * @param id what the handler calls it; of an item its key
 * @param occurrence tells apart the uses of one id in one scope, from 0
 * @param kind what it is
 * @param type what it returns, in words; of a wait the name of the event that it waits for
 * @param tries how often its body was started
 * @param state what became of it
 * @param child the run that it waits for, or waited for
 * @param writtenAt when it was last written, by the store's clock
 */
public record Part(
    String scope,
    String id,
    int occurrence,
    Kind kind,
    String type,
    int tries,
    State state,
    Optional<RunId> child,
    Instant writtenAt) {
  /** Refuses null. */
  public Part {
    requireNonNull(scope, "scope");
    requireNonNull(id, "id");
    requireNonNull(kind, "kind");
    requireNonNull(type, "type");
    requireNonNull(state, "state");
    requireNonNull(child, "child");
    requireNonNull(writtenAt, "writtenAt");
  }

  /** What a part is. */
  public enum Kind {
    /** A step, or something that is remembered like one: a map, branches, a child run, an event. */
    STEP,
    /** A step that commits with rows of the application. */
    TRANSACTION,
    /** A sleep. */
    SLEEP,
    /** A wait for an event. */
    WAIT,
    /** Another run, and its result. */
    INVOKE,
    /** An item of a map. */
    MAP_ITEM,
    /** What a wait that looks for itself remembers of its looks and the pauses between them. */
    LOOK,
    /** A time or a version that the handler has drawn. */
    VALUE
  }

  /** What became of a part. */
  public sealed interface State {}

  /**
   * It ended well.
   *
   * @param value what it returned, as JSON text or what else the codec writes, at most 16 KiB; a
   *     wait whose time was over says when that was
   */
  public record Done(String value) implements State {
    private static final int MOST = 16 * 1024;

    /** Cuts the text. */
    public Done {
      value = Text.clean(value, MOST);
    }
  }

  /**
   * It ended with an event.
   *
   * @param event the event
   * @param name its name
   * @param key its key, if it has one
   * @param sentAt when it was sent
   * @param data its data, as text, at most 16 KiB
   */
  public record Received(
      EventId event, String name, Optional<String> key, Instant sentAt, String data)
      implements State {
    /** Cuts the text. */
    public Received {
      requireNonNull(event, "event");
      requireNonNull(name, "name");
      requireNonNull(key, "key");
      requireNonNull(sentAt, "sentAt");
      data = Text.clean(data, Done.MOST);
    }
  }

  /**
   * It ended badly, and is not tried again.
   *
   * @param failure what its last try died of
   */
  public record Failed(Failure failure) implements State {
    /** Refuses null. */
    public Failed {
      requireNonNull(failure, "failure");
    }
  }

  /**
   * It has begun. A sleep stays so: once its end has come, the next pass goes by.
   *
   * @param until when it goes on by itself: the end of a sleep, a time limit, a next try
   * @param lastFailure what its last try died of, if one did
   */
  public record Pending(Optional<Instant> until, Optional<Failure> lastFailure) implements State {
    /** Refuses null. */
    public Pending {
      requireNonNull(until, "until");
      requireNonNull(lastFailure, "lastFailure");
    }
  }
}
