// SPDX-License-Identifier: Apache-2.0

package dev.belfry.benchmarks.databases;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Carries out many runs by several processes at once. */
final class NodesRow implements Row {
  private static final Set<Contender> TAKING_PART =
      EnumSet.of(Contender.BELFRY, Contender.DB_SCHEDULER_LOCK);

  private final int nodes;

  NodesRow(int nodes) {
    this.nodes = nodes;
  }

  @Override
  public String key() {
    return "nodes-" + nodes;
  }

  @Override
  public String title() {
    return "Drain by several processes";
  }

  @Override
  public String variant() {
    return nodes == 1 ? "1 process" : nodes + " processes";
  }

  @Override
  public boolean isFor(Contender contender, Product product) {
    return product == Product.POSTGRESQL && TAKING_PART.contains(contender);
  }

  @Override
  public void measure(Turn turn) throws InterruptedException {
    measure(turn, nodes, Work.NOTHING, 2 * turn.settings().runs());
    turn.record("recorded-twice", turn.ask(Message.of("twice")).value("runs"));
  }

  /** Has processes carry out runs, and records how fast and at what cost. */
  static void measure(Turn turn, int nodes, Work work, int runs) throws InterruptedException {
    turn.open();
    var all = new ArrayList<Child>();
    all.add(turn.child());
    while (all.size() < nodes) {
      all.add(turn.another());
    }
    turn.fill(work, runs);
    long server = Cpu.ofServer(turn.place().server());
    all.forEach(node -> node.tell(Message.of("begin").with("runs", runs)));
    all.forEach(Child::answer);
    turn.await(runs, all.toArray(Child[]::new));
    all.forEach(node -> node.tell(Message.of("end")));
    List<Message> ends = all.stream().map(Child::answer).toList();
    record(turn, runs, ends, Cpu.ofServer(turn.place().server()) - server);
  }

  private static void record(Turn turn, int runs, List<Message> ends, long server) {
    long first =
        ends.stream()
            .filter(end -> end.number("runs") > 0) // others have met nothing
            .mapToLong(end -> end.number("first"))
            .min()
            .orElseThrow();
    long last = ends.stream().mapToLong(end -> end.number("last")).max().orElseThrow();
    double own = ends.stream().mapToDouble(end -> end.value("own")).sum();
    double ran = ends.stream().mapToDouble(end -> end.value("runs")).sum();
    turn.record("rate", runs * 1e9 / (last - first));
    turn.record("jvm", own / runs);
    turn.record("server", (double) server / runs);
    turn.record("ran-twice", ran - runs);
  }

  @Override
  public List<Column> columns() {
    return List.of(
        Column.of("rate", "runs/s", 0).withSpread(),
        Column.of("jvm", "us of JVMs", 1),
        Column.of("server", "us of server", 1),
        Column.of("ran-twice", "ran twice", 0),
        Column.of("recorded-twice", "recorded twice", 0));
  }
}
