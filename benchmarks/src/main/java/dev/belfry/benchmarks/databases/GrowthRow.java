// SPDX-License-Identifier: Apache-2.0

package dev.belfry.benchmarks.databases;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Carries out very many runs while another transaction keeps its snapshot, so that no dead row can
 * be cleaned away, and compares the cost of the last ones with that of the first ones.
 */
final class GrowthRow implements Row {
  private static final int TIMES = 6;
  private static final int PARTS = 30;
  private static final Set<Contender> TAKING_PART =
      EnumSet.of(
          Contender.BELFRY, Contender.RAW_100, Contender.RAW_500, Contender.DB_SCHEDULER_LOCK);

  @Override
  public String key() {
    return "growth";
  }

  @Override
  public String title() {
    return "Six times as many runs under an open snapshot, the last thirtieth against the first";
  }

  @Override
  public String variant() {
    return "";
  }

  @Override
  public boolean isFor(Contender contender, Product product) {
    return product == Product.POSTGRESQL && TAKING_PART.contains(contender);
  }

  /** The JVMs are warm after the rows before. */
  @Override
  public int warmUps(int asked) {
    return Math.min(asked, 1);
  }

  @Override
  public void measure(Turn turn) {
    int runs = TIMES * turn.settings().runs();
    int part = runs / PARTS;
    turn.open();
    turn.fill(Work.NOTHING, runs);
    turn.pin();
    Message answer = turn.ask(Message.of("drain-marking").with("runs", runs).with("each", part));
    List<Reading> marks =
        Arrays.stream(answer.text("marks").split(",", 0)).map(Reading::parse).toList();
    int last = marks.size() - 1;
    Message first = marks.get(1).since(marks.get(0), part);
    Message end = marks.get(last).since(marks.get(last - 1), part);
    turn.record("first", first.value("micros") / part);
    turn.record("last", end.value("micros") / part);
    turn.record("first-cpu", cpu(first) / part);
    turn.record("last-cpu", cpu(end) / part);
    turn.record("ratio", end.value("micros") / first.value("micros"));
    turn.record("ratio-cpu", cpu(end) / cpu(first));
    turn.record("ran", answer.value("runs"));
  }

  private static double cpu(Message reading) {
    return reading.value("own") + reading.value("server");
  }

  @Override
  public List<Column> columns() {
    return List.of(
        Column.of("ran", "runs", 0),
        Column.of("first", "us a run, first", 1),
        Column.of("last", "last", 1),
        Column.of("ratio", "ratio", 2).withSpread(),
        Column.of("first-cpu", "us of CPU, first", 1),
        Column.of("last-cpu", "last", 1),
        Column.of("ratio-cpu", "ratio", 2).withSpread());
  }

  @Override
  public String nameOf(Contender contender) {
    return contender.title();
  }

  @Override
  public Optional<Column> plotted() {
    return columns().stream().filter(column -> column.measure().equals("ratio")).findFirst();
  }
}
