// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit;

import dev.belfry.store.Exchanged;
import dev.belfry.store.JobStore;
import dev.belfry.testkit.VirtualTime.VirtualHost;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The one moment, right before or after a call of its store, at which a node of a test dies. */
final class Doom {
  /*
   * Calls are counted over all nodes that a test starts one after another. A call that finds nothing
   * and changes nothing is no moment of its own: to die there is the same as to die before the next
   * call that does.
   */
  private final int moment;
  private final Runnable died;
  private final List<Integer> telling = new ArrayList<>();
  private final List<String> calls = new ArrayList<>();
  private boolean over;

  /**
   * Makes a doom.
   *
   * @param moment odd: before a call, even: after it, from 1; 0: never, calls are counted only
   * @param died told when a node has died
   */
  Doom(int moment, Runnable died) {
    this.moment = moment;
    this.died = died;
  }

  /** Returns the moments at which it matters whether a node dies, as far as they have come. */
  List<Integer> moments() {
    return telling.stream().flatMap(call -> Stream.of(2 * call - 1, 2 * call)).toList();
  }

  boolean isOver() {
    return over;
  }

  /** Says when a moment is that has come. */
  String words(int itsMoment) {
    int call = (itsMoment + 1) / 2;
    String order = itsMoment % 2 == 1 ? "before" : "after";
    return order + " call " + call + " of the store, " + calls.get(call - 1);
  }

  /** Returns a store for a node, over which this comes if its time is come. */
  JobStore over(JobStore real, VirtualHost host) {
    var node = new Node(host);
    return StoreProxy.of(real, node::call);
  }

  private final class Node {
    private final VirtualHost host;
    private boolean dead;

    Node(VirtualHost host) {
      this.host = host;
    }

    @Nullable Object call(StoreProxy.Call call) throws Throwable {
      if (dead) {
        throw new NodeDied("no more than once");
      }
      calls.add(call.name());
      int number = calls.size();
      dieAt(2 * number - 1);
      Object answer = call.proceed();
      if (isTelling(call, answer)) {
        telling.add(number);
      }
      dieAt(2 * number);
      return answer;
    }

    private void dieAt(int now) {
      if (now == moment) {
        dead = true;
        over = true;
        host.kill();
        died.run();
        throw new NodeDied(words(now));
      }
    }
  }

  private static boolean isTelling(StoreProxy.Call call, @Nullable Object answer) {
    return switch (call.name()) {
      case "exchange" ->
          !((List<?>) call.arguments()[1]).isEmpty()
              || (answer instanceof Exchanged exchanged && !exchanged.claimed().isEmpty());
      case "inbox", "reap" -> answer instanceof Collection<?> found && !found.isEmpty();
      case "renew", "dueTicks", "purge", "heldBy", "now", "onHint", "codec", "catalog" -> false;
      default -> true;
    };
  }
}
