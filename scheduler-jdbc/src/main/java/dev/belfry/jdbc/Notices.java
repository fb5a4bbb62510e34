// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.store.Hint;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Word of new work from process to process, by PostgreSQL's NOTIFY. Nothing rests on it: what is
 * lost here, polling finds. Thread-safe.
 */
final class Notices {
  /*
   * A notice is part of the transaction that it tells of, so it comes with the commit or not at
   * all. As commits with notices wait for each other all over a database server, a lane is told of
   * once in a GAP; whoever hears of it therefore looks a second time when the gap is over.
   *
   * A notice reads "store now lane=due lane=due … [catalog]", times in microseconds.
   */
  private static final System.Logger LOG = System.getLogger(Notices.class.getName());
  private static final Duration GAP = Duration.ofMillis(5);
  private static final Duration SOON = Duration.ofSeconds(2); // until then everybody polls anyway
  private static final Duration SILENCE = Duration.ofMinutes(1);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final int MOST_LANES = 200; // a notice has less than 8,000 bytes
  private static final String CATALOG = "catalog";

  private final DataSource source;
  private final Consumer<Hint> ear;
  private final String self = UUID.randomUUID().toString();
  private final Map<Integer, Instant> told = new ConcurrentHashMap<>(); // by lane, when
  private int listeners;
  private @Nullable Thread thread;
  private volatile @Nullable Connection connection;

  /**
   * Prepares notices.
   *
   * @param source gives the connection that listens
   * @param ear hears of what other stores tell
   */
  Notices(DataSource source, Consumer<Hint> ear) {
    this.source = source;
    this.ear = ear;
  }

  /** Tells, at the commit of a transaction, what became ready in it; this store knows already. */
  void tell(Tx tx) throws SQLException {
    tell(tx, self);
  }

  /** As {@link #tell(Tx)} in a caller's transaction, of whose commit this store hears only so. */
  void tellAll(Tx tx) throws SQLException {
    tell(tx, "-");
  }

  private void tell(Tx tx, String teller) throws SQLException {
    if (tx.readyLanes().isEmpty() && !tx.isCatalogChanged()) {
      return;
    }
    Instant now = tx.now();
    Instant soon = now.plus(SOON);
    String lanes =
        tx.readyLanes().entrySet().stream()
            .filter(lane -> !lane.getValue().isAfter(soon))
            .filter(lane -> !teller.equals(self) || isNews(lane.getKey(), now))
            .limit(MOST_LANES)
            .map(lane -> " " + lane.getKey() + "=" + micros(lane.getValue()))
            .collect(Collectors.joining());
    if (!lanes.isEmpty() || tx.isCatalogChanged()) {
      String catalog = tx.isCatalogChanged() ? " " + CATALOG : "";
      tx.first(
          "select true from (select pg_notify(?, ?)) told",
          Row::flag,
          channel(tx.sql()),
          teller + " " + micros(now) + lanes + catalog);
    }
  }

  private boolean isNews(int lane, Instant now) {
    Instant before = told.get(lane);
    boolean clockWasSetBack = before != null && now.isBefore(before);
    boolean news = before == null || clockWasSetBack || !now.isBefore(before.plus(GAP));
    if (news) {
      told.put(lane, now);
    }
    return news;
  }

  private static String channel(Sql sql) {
    return sql.prefix().toLowerCase(Locale.ROOT) + "news";
  }

  // Listening

  /** Listens from now on; each call is ended by one of {@link #deaf()}. */
  synchronized void listen(Sql sql) {
    listeners++;
    if (thread == null) {
      var fresh = new Thread(() -> listenUntilInterrupted(channel(sql)), "belfry-listen");
      fresh.setDaemon(true);
      fresh.start();
      thread = fresh;
    }
  }

  /** Ends the thread and its connection if nobody wants to hear any more. */
  synchronized void deaf() {
    listeners--;
    Thread running = thread;
    if (listeners > 0 || running == null) {
      return;
    }
    thread = null;
    running.interrupt();
    Connection open = connection;
    if (open != null) {
      try {
        open.abort(Runnable::run); // it waits for the server
      } catch (SQLException broken) {
        // that ends the wait as well
      }
    }
  }

  private void listenUntilInterrupted(String channel) {
    Duration pause = FIRST_PAUSE;
    while (!Thread.currentThread().isInterrupted()) {
      try (Connection own = source.getConnection()) {
        connection = own;
        own.setAutoCommit(true);
        try (Statement statement = own.createStatement()) {
          statement.execute("listen \"" + channel + "\"");
        }
        pause = FIRST_PAUSE;
        hear(own);
      } catch (SQLException e) {
        if (Thread.currentThread().isInterrupted()) {
          return;
        }
        LOG.log(Level.INFO, "no word from other processes for {0}: {1}", pause, e.getMessage());
        LockSupport.parkNanos(pause.toNanos());
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
      } finally {
        connection = null;
      }
    }
  }

  /** Passes on what is told, and once more after the gap in which nobody tells. */
  private void hear(Connection own) throws SQLException {
    PGConnection server = own.unwrap(PGConnection.class);
    List<Hint> heard = List.of();
    while (!Thread.currentThread().isInterrupted()) {
      Duration patience = heard.isEmpty() ? SILENCE : GAP.multipliedBy(2);
      PGNotification[] notices = server.getNotifications((int) patience.toMillis());
      boolean any = notices != null && notices.length > 0;
      List<Hint> again = any ? List.of() : heard;
      heard = any ? read(notices) : List.of();
      heard.forEach(ear);
      again.forEach(ear);
      if (!any && again.isEmpty() && !own.isValid((int) PATIENCE.toSeconds())) {
        throw new SQLException("the connection that listens was silent, and is broken");
      }
    }
  }

  private List<Hint> read(PGNotification[] notices) {
    return Stream.of(notices)
        .map(PGNotification::getParameter)
        .flatMap(notice -> read(notice).stream())
        .toList();
  }

  /** Returns what a notice says; nothing if it is this store's own, or not one of ours. */
  private Optional<Hint> read(String notice) {
    String[] words = notice.split(" ", -1);
    if (words[0].equals(self)) {
      return Optional.empty();
    }
    try {
      var due = new HashMap<Integer, Instant>();
      boolean catalog = false;
      for (String word : List.of(words).subList(2, words.length)) {
        int sign = word.indexOf('=');
        catalog |= word.equals(CATALOG);
        if (sign > 0) {
          due.put(Integer.parseInt(word.substring(0, sign)), instant(word.substring(sign + 1)));
        }
      }
      return Optional.of(new Hint(instant(words[1]), due, catalog));
    } catch (IllegalArgumentException | IndexOutOfBoundsException strange) {
      return Optional.empty(); // anybody may use the channel
    }
  }

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  private static Instant instant(String micros) {
    return Instant.EPOCH.plus(Long.parseLong(micros), ChronoUnit.MICROS);
  }
}
