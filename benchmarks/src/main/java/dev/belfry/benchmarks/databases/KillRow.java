// SPDX-License-Identifier: Apache-2.0

package dev.belfry.benchmarks.databases;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Kills the process of a node that is carrying out a run, and takes the time until another node
 * begins it again.
 */
final class KillRow implements Row {
  /** For how long both nodes live before, so that neither is new. */
  private static final long TOGETHER_MILLIS = 12_000;

  private static final Set<Contender> BY_DEFAULT = EnumSet.of(Contender.BELFRY, Contender.QUARTZ);
  private static final Set<Contender> WATCHFUL =
      EnumSet.of(
          Contender.BELFRY, Contender.QUARTZ, Contender.DB_SCHEDULER_LOCK, Contender.JOBRUNR);

  private final boolean watchful;

  KillRow(boolean watchful) {
    this.watchful = watchful;
  }

  @Override
  public String key() {
    return watchful ? "kill-tuned" : "kill";
  }

  @Override
  public String title() {
    return "From kill -9 of a node to the start on another";
  }

  @Override
  public String variant() {
    return watchful ? "tuned" : "default";
  }

  @Override
  public boolean isFor(Contender contender, Product product) {
    return product == Product.POSTGRESQL && (watchful ? WATCHFUL : BY_DEFAULT).contains(contender);
  }

  @Override
  public int warmUps(int asked) {
    return 0;
  }

  @Override
  public void measure(Turn turn) throws InterruptedException {
    turn.watchful(watchful);
    turn.open();
    Child survivor = turn.child();
    Child victim = turn.another();
    victim.ask(Message.of("hold"));
    survivor.ask(Message.of("pace").with("runs", 1).with("rate", 1));
    turn.await(1, victim);
    survivor.ask(Message.of("begin").with("runs", 1));
    Thread.sleep(TOGETHER_MILLIS);
    long killed = System.nanoTime();
    turn.kill(victim);
    turn.await(1, survivor);
    long begun = survivor.ask(Message.of("end")).number("first");
    turn.record("seconds", (begun - killed) / 1e9);
  }

  @Override
  public List<Column> columns() {
    return List.of(Column.of("seconds", "seconds", 2).withSpread());
  }
}
