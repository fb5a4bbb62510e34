// SPDX-License-Identifier: Apache-2.0

package dev.belfry.benchmarks.databases;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Carries out many runs that are ready and do nothing. */
final class DrainRow implements Row {
  private static final Set<Contender> FAST =
      EnumSet.of(
          Contender.BELFRY, Contender.RAW_100, Contender.RAW_500, Contender.DB_SCHEDULER_LOCK);

  /** What is special about it: what else is in the database, or what keeps runs back. */
  enum Beside {
    NOTHING("drain", ""),
    CROWD("drain-crowded", "full tables"),
    SNAPSHOT("drain-pinned", "open snapshot"),
    LIMITS("drain-keys", "one at once of each of %,d keys".formatted(Work.KEYS));

    private final String key;
    private final String title;

    Beside(String key, String title) {
      this.key = key;
      this.title = title;
    }
  }

  private final Beside beside;

  DrainRow(Beside beside) {
    this.beside = beside;
  }

  @Override
  public String key() {
    return beside.key;
  }

  @Override
  public String title() {
    return "Drain of ready no-op runs";
  }

  @Override
  public String variant() {
    return beside.title;
  }

  @Override
  public boolean isFor(Contender contender, Product product) {
    return switch (beside) {
      case NOTHING -> contender.isQueue();
      case LIMITS -> contender == Contender.BELFRY;
      default -> product == Product.POSTGRESQL && FAST.contains(contender);
    };
  }

  @Override
  public boolean counts() {
    return beside == Beside.NOTHING;
  }

  @Override
  public int warmUps(int asked) {
    return beside == Beside.NOTHING || beside == Beside.LIMITS ? asked : Math.min(asked, 1);
  }

  @Override
  public void measure(Turn turn) {
    int runs = turn.settings().runs();
    if (beside == Beside.CROWD) {
      turn.openCrowded();
    } else {
      turn.open();
    }
    turn.fill(beside == Beside.LIMITS ? Work.KEYED : Work.NOTHING, runs);
    if (beside == Beside.SNAPSHOT) {
      turn.pin();
    }
    turn.measure(Message.of("drain").with("runs", runs));
  }

  @Override
  public List<Column> columns() {
    return Rows.throughput();
  }

  @Override
  public String nameOf(Contender contender) {
    return contender.title();
  }
}
