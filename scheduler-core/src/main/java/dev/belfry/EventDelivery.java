// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.JobDefinition.Subscription;
import dev.belfry.run.RunId;
import dev.belfry.run.Trigger;
import dev.belfry.store.CancelOn;
import dev.belfry.store.Delivery;
import dev.belfry.store.Delivery.Effect;
import dev.belfry.store.InboxEntry;
import dev.belfry.store.JobStore;
import dev.belfry.store.MemoValue;
import dev.belfry.store.NewRun;
import dev.belfry.store.OpenWait;
import dev.belfry.store.Payload;
import dev.belfry.store.RunRecord;
import dev.belfry.store.SentEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds what follows from events. One thread at a time, not the control loop's. */
final class EventDelivery {
  /*
   * Jobs are known to nodes by their code, and to the store by their names. A node starts the runs
   * of the jobs that it knows, and takes the entry away if it knows all that subscribe; otherwise it
   * leaves the entry to the others, and does not come back to it. What nobody takes is given up when
   * its event is past its time.
   */
  private static final Logger log = LoggerFactory.getLogger(Scheduler.class);
  private static final int PAGE = 500;
  private static final int MANY_WAITS = 1_000;

  private final JobStore store;
  private final Jobs jobs;
  private final Payloads payloads;
  private final RunIds ids;
  private final LeftEntries leftToOthers;
  private final Set<String> warned = new HashSet<>();

  EventDelivery(Settings settings, RunIds ids) {
    this.store = settings.store();
    this.jobs = settings.jobs();
    this.payloads = settings.payloads();
    this.ids = ids;
    this.leftToOthers = new LeftEntries(settings);
  }

  /** Delivers events of the inbox, and returns how many of them are gone for good. */
  int deliver(List<InboxEntry.Sent> entries) {
    leftToOthers.keepOnly(entries);
    if (entries.isEmpty()) {
      return 0;
    }
    Map<String, Set<String>> subscribers =
        store.subscribers(
            entries.stream().map(entry -> entry.event().name()).collect(Collectors.toSet()));
    int gone = 0;
    var inPart = new ArrayList<InboxEntry>();
    var together = new ArrayList<Delivery>();
    for (InboxEntry.Sent entry : entries) {
      Set<String> names = subscribers.getOrDefault(entry.event().name(), Set.of());
      boolean done = knowsAll(entry, names) || isPast(entry, names);
      if (done || !leftToOthers.contains(entry)) {
        together.add(new Delivery(entry.id(), effects(entry, names), done));
        gone += done ? 1 : 0;
        if (!done) {
          inPart.add(entry);
        }
      }
    }
    if (!together.isEmpty()) {
      store.deliver(together);
      leftToOthers.addAll(inPart); // now that it is committed
    }
    return gone;
  }

  /** Code of another version may know a job, and not that it subscribes to this event. */
  private boolean knowsAll(InboxEntry.Sent entry, Set<String> subscribers) {
    return subscribers.stream()
        .allMatch(name -> entry.delivered().contains(name) || subscribes(name, entry.event()));
  }

  private boolean subscribes(String name, SentEvent event) {
    JobDefinition<?, ?> job = jobs.find(name);
    return job != null && subscription(job, event).isPresent();
  }

  private boolean isPast(InboxEntry.Sent entry, Set<String> subscribers) {
    if (!leftToOthers.isPast(entry, entry.event().sentAt())) {
      return false;
    }
    log.warn(
        "event {} of {} was sent at {} and is given up: no node knows all its subscribers, {}",
        entry.event().id(),
        entry.event().name(),
        entry.event().sentAt(),
        subscribers);
    return true;
  }

  private List<Effect> effects(InboxEntry.Sent entry, Set<String> subscribers) {
    var effects = new ArrayList<Effect>();
    jobs.among(subscribers)
        .forEach(
            (job, name) -> {
              if (!entry.delivered().contains(name)) {
                start(job, entry.event(), name).ifPresent(effects::add);
              }
            });
    wakes(entry, effects);
    return effects;
  }

  // Jobs that subscribe

  private static <I> Optional<Subscription<I, ?>> subscription(
      JobDefinition<I, ?> job, SentEvent event) {
    return job.subscriptions().stream()
        .filter(each -> each.type().name().equals(event.name()))
        .findFirst();
  }

  /** Empty if this code does not know that the job subscribes. */
  private <I> Optional<Effect> start(JobDefinition<I, ?> job, SentEvent event, String name) {
    Trigger trigger = Trigger.event(event.id(), event.sentAt());
    return subscription(job, event)
        .map(
            subscription ->
                input(job, subscription, event)
                    .map(input -> newRun(payloads, ids.next(), job, input, trigger))
                    .<Effect>map(run -> new Delivery.StartRun(name, run))
                    .orElseGet(() -> new Delivery.PassOver(name)));
  }

  private <I, E> Optional<Payload> input(
      JobDefinition<I, ?> job, Subscription<I, E> subscription, SentEvent event) {
    if (subscription.asItIs()) {
      return Optional.of(event.data()); // it need not be decoded here
    }
    try {
      E data = payloads.decode(subscription.type().data(), event.data());
      return subscription.filter().test(data)
          ? Optional.of(payloads.input(job, subscription.input().apply(data)))
          : Optional.empty();
    } catch (RuntimeException | Error broken) { // a stranger's code, or data of another form
      log.error(
          "job {} can't take event {} of {}; its run is BLOCKED",
          job.name(),
          event.id(),
          event.name(),
          broken);
      return Optional.of(Payloads.unmapped(event.data()));
    }
  }

  /** Returns a run that a delivery starts. */
  static NewRun newRun(
      Payloads payloads, RunId id, JobDefinition<?, ?> job, Payload input, Trigger trigger) {
    NewRun run = NewRun.of(id, job.name(), input).withTrigger(trigger);
    return RunLimit.place(job, payloads, run).withTags(job.tags());
  }

  // Runs that wait

  private void wakes(InboxEntry.Sent entry, List<Effect> effects) {
    SentEvent event = entry.event();
    Optional<OpenWait> last = Optional.empty();
    int unkeyed = 0;
    while (true) {
      List<OpenWait> page = store.openWaits(event.name(), event.key(), last, PAGE);
      for (OpenWait wait : page) {
        if (isFor(wait, event)) {
          effects.add(wake(wait, event));
        }
        unkeyed += wait.awaited().key().isEmpty() && !isCancel(wait) ? 1 : 0;
      }
      if (page.size() < PAGE) {
        break;
      }
      last = Optional.of(page.get(page.size() - 1));
      store.deliver(List.of(new Delivery(entry.id(), effects, false)));
      effects.clear();
    }
    if (unkeyed >= MANY_WAITS && warned.add(event.name())) {
      log.warn(
          "{} runs wait for any event {}; each one of them looks at each of these events. Have them"
              + " wait by a key",
          unkeyed,
          event.name());
    }
  }

  private static boolean isCancel(OpenWait wait) {
    return wait.key().scope().equals(CancelOn.SCOPE);
  }

  /** A run goes on, or is asked to end. */
  private static Effect wake(OpenWait wait, SentEvent event) {
    if (isCancel(wait)) {
      return new Delivery.CancelRun(wait.run(), CancelRule.reason(event));
    }
    MemoValue value =
        MemoScopes.isLook(wait.key().scope()) // then its handler is to look itself
            ? PassMemos.MARK
            : new MemoValue.Received(event.id(), ReceivedEvent.keep(event));
    return new Delivery.WakeRun(wait.run(), wait.key(), value);
  }

  private boolean isFor(OpenWait wait, SentEvent event) {
    Instant since = wait.awaited().since();
    return wait.awaited().isFor(event) && !(since.equals(event.sentAt()) && isOrigin(wait, event));
  }

  /** Whether an event has started the run that waits: then it ends none of its waits. */
  private boolean isOrigin(OpenWait wait, SentEvent event) {
    return store.runs(List.of(wait.run())).stream()
        .map(RunRecord::run)
        .anyMatch(run -> run.trigger().event().equals(Optional.of(event.id())));
  }
}
