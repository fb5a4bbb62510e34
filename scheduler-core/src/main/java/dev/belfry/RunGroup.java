// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.GroupEnd;
import dev.belfry.run.RunId;
import dev.belfry.run.Trigger;
import dev.belfry.run.TypeRef;
import dev.belfry.store.NewGroup;
import dev.belfry.store.NewRun;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Runs that are enqueued together, of several jobs perhaps, and what comes after the last of them:
 * one run of another job, started once all have ended, however they ended.
 *
 * <pre>{@code
 * scheduler.enqueueGroup(
 *     RunGroup.named("import 42").addAll(importPage, pages).add(importIndex, "42").then(publish));
 * }</pre>
 */
public final class RunGroup {
  /** The low bits of a group's id, before which there is room for its members. */
  private static final long ROOM = 0x3fff;

  private static final int MOST = 10_000;
  private static final int MOST_NAME = 200;
  static final TypeRef<GroupEnd> END = TypeRef.of(GroupEnd.class);

  private final String name;
  private final List<Member<?>> members;
  private final String then;

  private RunGroup(String name, List<Member<?>> members, String then) {
    this.name = name;
    this.members = List.copyOf(members);
    this.then = then;
  }

  private record Member<I extends @Nullable Object>(JobDefinition<I, ?> job, I input) {
    NewRun toRun(Payloads payloads, RunId id, Trigger trigger) {
      return Inserts.newRun(payloads, id, job, input, EnqueueOptions.now(), trigger);
    }
  }

  /**
   * Begins a group.
   *
   * @param name what it is about, for the job that comes after it and for people; 1 to 200
   *     characters. Several groups may have one name
   */
  public static Members named(String name) {
    if (name.isBlank() || name.length() > MOST_NAME) {
      throw new IllegalArgumentException(
          "name of a group must have 1 to 200 characters, was \"" + name + "\"");
    }
    return new Members(name);
  }

  /**
   * Returns what to insert: the ids of the members lie right before that of the group.
   *
   * @param fresh an id that no other run has; the group's is like it
   */
  NewGroup toInsert(Payloads payloads, RunId fresh) {
    UUID value = fresh.value();
    var id =
        new RunId(new UUID(value.getMostSignificantBits(), value.getLeastSignificantBits() | ROOM));
    Trigger trigger = Trigger.group(id);
    List<RunId> places = GroupEnd.members(id, members.size());
    var runs = new ArrayList<NewRun>(members.size());
    for (int i = 0; i < members.size(); i++) {
      runs.add(members.get(i).toRun(payloads, places.get(i), trigger));
    }
    return new NewGroup(id, name, then, runs);
  }

  /** For logs. */
  @Override
  public String toString() {
    return "group \"" + name + "\" of " + members.size() + " runs, then job " + then;
  }

  /** The runs of a group, as far as they are known. For one thread at a time. */
  public static final class Members {
    private final String name;
    private final List<Member<?>> members = new ArrayList<>();

    private Members(String name) {
      this.name = name;
    }

    /** Adds a run of a job without input. */
    @SuppressWarnings("NullAway") // the input of a Job<Void> is null
    public Members add(Job<@Nullable Void> job) {
      return add(job, null);
    }

    /** Adds a run. A group has at most 10,000. */
    public <I extends @Nullable Object> Members add(Job<I> job, I input) {
      if (members.size() == MOST) {
        throw new IllegalArgumentException(
            "group \"" + name + "\" would have more than " + MOST + " runs; make several groups");
      }
      members.add(new Member<>(JobDefinition.of(job), input));
      return this;
    }

    /** Adds a run for each input; there may be none. */
    public <I extends @Nullable Object> Members addAll(Job<I> job, Collection<? extends I> inputs) {
      inputs.forEach(input -> add(job, input));
      return this;
    }

    /**
     * Ends the group with what comes after it: a run of a job, started when the last run has ended,
     * at once if there is none. It is told how many ended how.
     */
    public RunGroup then(Job<GroupEnd> job) {
      return new RunGroup(name, members, job.name());
    }
  }
}
