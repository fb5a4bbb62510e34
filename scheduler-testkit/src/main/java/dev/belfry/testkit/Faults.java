// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit;

import static java.util.Objects.requireNonNull;

import dev.belfry.run.RunId;
import dev.belfry.store.JobStore;
import dev.belfry.store.NewRun;
import dev.belfry.store.Payload;
import dev.belfry.testkit.VirtualTime.VirtualHost;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;

/**
 * What goes wrong in a test, when it is told to.
 *
 * <pre>{@code
 * t.faults().step("charge").failTimes(2, IOException::new);
 * t.faults().store().loseAnswers("exchange", 1);
 * t.faults().handler("billing").loseLease();
 * }</pre>
 */
public final class Faults {
  private static final byte[] NO_JSON = "{\"cut".getBytes(StandardCharsets.UTF_8);

  private final TestNodes nodes;
  private final VirtualTime time;
  private final JobStore real;
  private final StoreFaults store;
  private final Deque<Planned> planned = new ArrayDeque<>();
  private Duration skew = Duration.ZERO;
  private Duration latency = Duration.ZERO;
  private int poisoned;

  /** What happens to a call of a body. */
  interface Harm {
    void befall(BodyCall call);
  }

  private static final class Planned {
    private final Predicate<BodyCall> which;
    private final Harm harm;
    private int times;

    Planned(Predicate<BodyCall> which, int times, Harm harm) {
      this.which = which;
      this.times = times;
      this.harm = harm;
    }
  }

  Faults(TestNodes nodes, VirtualTime time, JobStore real) {
    this.nodes = nodes;
    this.time = time;
    this.real = real;
    this.store = StoreFaults.of(real);
  }

  /** Returns the faults of the store, for what nodes do and for what the test does by one. */
  public StoreFaults store() {
    return store;
  }

  /** Returns the faults of steps, transactions and items of maps with an id, in any job. */
  public BodyFaults step(String id) {
    requireNonNull(id, "id");
    return new BodyFaults(this, call -> call.part().equals(id));
  }

  /** Returns the faults of the handler of a job. */
  public BodyFaults handler(String job) {
    requireNonNull(job, "job");
    return new BodyFaults(this, call -> call.part().isEmpty() && call.job().equals(job));
  }

  /**
   * The node stands still from now on, as in a long garbage collection: what it would do it does
   * when the time is over. Handlers that are under way pause with it.
   */
  public void pauseNode(Duration length) {
    nodes.host().standStill(length);
  }

  /** The node's wall clock goes ahead of the store's clock, or behind it by a negative duration. */
  public void clockSkew(Duration ahead) {
    skew = requireNonNull(ahead, "ahead");
    befall(nodes.host());
  }

  /** Each call to the store by the node's engine takes so long until it is answered. */
  public void latency(Duration ofEachCall) {
    latency = requireNonNull(ofEachCall, "ofEachCall");
    befall(nodes.host());
  }

  /** Has a node know what goes wrong with it. */
  void befall(VirtualHost host) {
    host.skew(skew);
    host.delayAnswers(latency);
  }

  /** The next delivery of events and endings is made twice. */
  public void deliverTwice() {
    store.repeat("deliver", 1);
  }

  /**
   * Puts a run into the store whose input can't be read, as an older or newer version of the
   * application might.
   *
   * @return its id
   */
  public RunId poison(String job) {
    var id = RunId.of(time.now().toEpochMilli(), 0xDEAD, ++poisoned);
    real.insert(List.of(NewRun.of(id, job, Payload.of(real.codec().id(), NO_JSON))));
    return id;
  }

  /** Nothing goes wrong any more that was to go wrong; what stands still goes on in its time. */
  public void mend() {
    planned.clear();
    store.mend();
    clockSkew(Duration.ZERO);
    latency(Duration.ZERO);
  }

  void add(Predicate<BodyCall> which, int times, Harm harm) {
    planned.addFirst(new Planned(which, times, harm));
  }

  /** Called on the thread of a pass. */
  void before(BodyCall call) {
    for (Iterator<Planned> all = planned.iterator(); all.hasNext(); ) {
      Planned next = all.next();
      if (next.which.test(call)) {
        if (next.times != Integer.MAX_VALUE && --next.times == 0) {
          all.remove();
        }
        next.harm.befall(call);
        return;
      }
    }
  }

  void pauseInside(Duration length) {
    time.standStillInside(length);
  }

  void startOtherNode() {
    nodes.startOther();
  }
}
