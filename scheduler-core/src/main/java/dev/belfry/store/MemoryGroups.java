// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.GroupEnd;
import dev.belfry.run.RunId;
import dev.belfry.run.Status;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Groups in memory whose end has not been delivered. */
final class MemoryGroups {
  private final MemoryRuns runs;
  private final MemoryLife life;
  private final MemoryHistory history;
  private final Map<RunId, Group> groups = new HashMap<>();

  MemoryGroups(MemoryRuns runs, MemoryLife life, MemoryHistory history) {
    this.runs = runs;
    this.life = life;
    this.history = history;
  }

  List<Accepted> insert(NewGroup group, Commit commit) {
    List<NewRun> members = group.members();
    boolean repeated =
        groups.containsKey(group.id())
            || (!members.isEmpty() && runs.contains(members.get(0).id()));
    if (repeated) {
      return members.stream().<Accepted>map(run -> new Accepted.Created(run.id())).toList();
    }
    List<Accepted> accepted = life.insert(members, commit);
    var made = new Group(group);
    groups.put(group.id(), made);
    enterIfOver(made, commit);
    return accepted;
  }

  void count(Delivery.EndMember end, Commit commit) {
    Group group = groups.get(end.group());
    if (group != null) {
      group.ends.merge(end.status(), 1, Integer::sum);
      group.open--;
      enterIfOver(group, commit);
    }
  }

  private void enterIfOver(Group group, Commit commit) {
    if (group.open == 0) {
      history.enter(
          entry ->
              new InboxEntry.Grouped(
                  entry,
                  group.then,
                  new GroupEnd(
                      group.id,
                      group.name,
                      group.count(Status.COMPLETED),
                      group.count(Status.FAILED),
                      group.count(Status.TIMED_OUT),
                      group.count(Status.CANCELLED),
                      group.count(Status.SKIPPED),
                      commit.now()),
                  Set.of()));
    }
  }

  void forget(RunId group) {
    groups.remove(group);
  }

  private static final class Group {
    private final RunId id;
    private final String name;
    private final String then;
    private final Map<Status, Integer> ends = new EnumMap<>(Status.class);
    private int open;

    Group(NewGroup group) {
      this.id = group.id();
      this.name = group.name();
      this.then = group.then();
      this.open = group.members().size();
    }

    int count(Status status) {
      return ends.getOrDefault(status, 0);
    }
  }
}
