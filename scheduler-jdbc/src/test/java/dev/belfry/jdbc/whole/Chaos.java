// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc.whole;

import dev.belfry.jdbc.TcpProxy;
import dev.belfry.run.NodeId;
import dev.belfry.store.NodeInfo;
import dev.belfry.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * Does one thing after the other to the nodes of a campaign, to its database and to the network
 * between them, each kind equally often and in an order of chance. Now and then a node stands still
 * while something else happens.
 */
final class Chaos {
  /** What is done. */
  enum Kind {
    /** {@code kill -9} of a node, which is started again later. */
    KILL,
    /** SIGSTOP of a node for up to three leases, then SIGCONT. */
    PAUSE,
    /** {@code kill -9} of the database server, and a new start. */
    RESTART,
    /** The server ends all sessions. */
    END_SESSIONS,
    /** A connection is cut when the server has heard COMMIT, before its answer comes through. */
    CUT_AT_COMMIT,
    /** Nothing goes through the connections that there are, and nobody says so. */
    SILENCE,
    /** Answers come late. */
    SLOW
  }

  private static final List<String> NODES = List.of("one", "two", "three");

  private final Campaign campaign;
  private final ChaosServer server;
  private final TcpProxy network;
  private final Random random;
  private final Map<Kind, Integer> done = new EnumMap<>(Kind.class);
  private final List<Duration> flows = new ArrayList<>();
  private final List<Duration> takeovers = new ArrayList<>();
  private int ended;

  Chaos(Campaign campaign, ChaosServer server, TcpProxy network, long seed) {
    this.campaign = campaign;
    this.server = server;
    this.network = network;
    this.random = new Random(seed);
  }

  /** Goes on for a time, and to the end of what it does then. */
  void run(Duration time) throws InterruptedException {
    campaign.startNode(NODES.get(2));
    long end = System.nanoTime() + time.toNanos();
    var next = new ArrayList<Kind>();
    while (System.nanoTime() < end) {
      if (next.isEmpty()) {
        next.addAll(Arrays.asList(Kind.values()));
        Collections.shuffle(next, random);
      }
      Kind kind = next.remove(0);
      done.merge(kind, 1, Integer::sum);
      if (random.nextInt(4) == 0 && kind != Kind.PAUSE) {
        duringPause(kind);
      } else {
        cause(kind, NODES.get(random.nextInt(NODES.size())));
      }
      Campaign.letPass(Duration.ofMillis(random.nextInt(1_500)));
    }
  }

  /** Has something happen while a node, another one, stands still. */
  private void duringPause(Kind kind) throws InterruptedException {
    int still = random.nextInt(NODES.size());
    done.merge(Kind.PAUSE, 1, Integer::sum);
    Child node = campaign.node(NODES.get(still));
    node.stop();
    try {
      cause(kind, NODES.get((still + 1) % NODES.size()));
    } finally {
      node.goOn();
    }
  }

  private void cause(Kind kind, String node) throws InterruptedException {
    switch (kind) {
      case KILL -> kill(node);
      case PAUSE -> pause(node);
      case RESTART -> server.restart();
      case END_SESSIONS -> ended += server.endSessions();
      case CUT_AT_COMMIT -> network.cutAfter("COMMIT");
      case SILENCE -> network.swallow();
      case SLOW -> slow();
    }
    flows.add(campaign.awaitFlow());
  }

  private void kill(String node) throws InterruptedException {
    Optional<NodeId> id = idOf(node);
    campaign.kill(node);
    long begin = System.nanoTime();
    if (id.isPresent()) {
      Await.until(
          "what " + node + " held is free",
          campaign.lease().multipliedBy(20),
          () -> holdsNothing(id.get()));
      takeovers.add(Duration.ofNanos(System.nanoTime() - begin));
    }
    campaign.startNode(node);
  }

  /** A node that is stopped for less than its lease loses nothing; for longer, all that it held. */
  private void pause(String node) {
    campaign.node(node).stop();
    Campaign.letPass(part(campaign.lease().multipliedBy(3)));
    campaign.node(node).goOn();
  }

  private void slow() {
    network.delayAnswers(part(Duration.ofMillis(400)));
    Campaign.letPass(Duration.ofSeconds(2));
    network.delayAnswers(Duration.ZERO);
  }

  private Duration part(Duration most) {
    return Duration.ofMillis(1 + random.nextInt((int) most.toMillis()));
  }

  /** Returns the newest node of a name, if the database tells it. */
  private Optional<NodeId> idOf(String name) {
    try {
      return campaign.store().nodes().stream()
          .filter(info -> info.card().name().equals(name))
          .map(NodeInfo::id)
          .reduce((older, newer) -> newer);
    } catch (StoreException e) {
      return Optional.empty();
    }
  }

  private boolean holdsNothing(NodeId node) {
    try {
      return campaign.store().nodes().stream().noneMatch(info -> info.id().equals(node))
          && campaign.store().heldBy(node).isEmpty();
    } catch (StoreException e) {
      return false;
    }
  }

  /** Returns how often each kind was done. */
  Map<Kind, Integer> done() {
    return Map.copyOf(done);
  }

  /** Says what was done, and how long it took until all went on. */
  @Override
  public String toString() {
    return "%s, %d sessions ended, %d connections cut; what a killed node held was free after %s,"
            .formatted(
                done.entrySet().stream()
                    .map(e -> e.getValue() + " " + e.getKey())
                    .collect(Collectors.joining(", ")),
                ended,
                network.cuts(),
                words(takeovers))
        + " new runs were done after "
        + words(flows);
  }

  private static String words(List<Duration> times) {
    if (times.isEmpty()) {
      return "-";
    }
    List<Duration> sorted = times.stream().sorted().toList();
    return "%d ms at the median, %d ms at most"
        .formatted(
            sorted.get(sorted.size() / 2).toMillis(), sorted.get(sorted.size() - 1).toMillis());
  }
}
