// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import static java.util.Objects.requireNonNull;

import dev.belfry.PluginContext;
import dev.belfry.retry.SnoozeException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What webhooks have once the scheduler has started. Thread-safe. */
final class WebhookState {
  private static final Logger log = LoggerFactory.getLogger(Webhooks.class);
  private static final Duration SOON = Duration.ofSeconds(1);

  private final List<Consumer<? super WebhookEvent>> listeners = new CopyOnWriteArrayList<>();
  private volatile @Nullable Live live;

  /** The scheduler, and what it has stored of endpoints. */
  record Live(PluginContext context, EndpointBook book) {}

  void start(PluginContext context) {
    live = new Live(context, new EndpointBook(context.store(), context.host()));
  }

  void add(Consumer<? super WebhookEvent> listener) {
    listeners.add(requireNonNull(listener, "listener"));
  }

  Optional<Live> found() {
    return Optional.ofNullable(live);
  }

  /** Returns it to a handler, which may run a moment before the plug-ins are told of the start. */
  Live live() {
    return found()
        .orElseThrow(() -> new SnoozeException("the scheduler has not started quite yet", SOON));
  }

  RandomGenerator random() {
    return live().context().host().random();
  }

  /** Disables an endpoint, unless it is disabled or gone. */
  void disable(String id, String reason) {
    var byUs = new AtomicBoolean();
    live()
        .book()
        .update(
            id,
            endpoint -> {
              byUs.set(endpoint.off().isEmpty());
              return byUs.get() ? endpoint.withOff(Optional.of(reason)) : endpoint;
            });
    if (byUs.get()) {
      tell(new WebhookEvent.Disabled(id, reason));
    }
  }

  void tell(WebhookEvent event) {
    for (Consumer<? super WebhookEvent> listener : listeners) {
      try {
        listener.accept(event);
      } catch (RuntimeException failed) {
        log.warn("a listener of webhooks failed at {}", event, failed);
      }
    }
  }
}
