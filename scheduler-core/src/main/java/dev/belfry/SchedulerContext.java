// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.JobDefinition.Subscription;
import dev.belfry.host.Host;
import dev.belfry.run.TypeRef;
import dev.belfry.schedule.Schedule;
import dev.belfry.store.Codec;
import dev.belfry.store.JobStore;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a started scheduler shows its plug-ins. */
record SchedulerContext(Settings settings, SchedulerClient client) implements PluginContext {
  private static final Codec STANDARD = Codec.standard();

  @Override
  public JobStore store() {
    return settings.store();
  }

  @Override
  public Host host() {
    return settings.host();
  }

  @Override
  public String node() {
    return settings.name();
  }

  @Override
  public Map<String, Integer> workers() {
    return settings.workers();
  }

  @Override
  public List<JobView> jobs() {
    Jobs jobs = settings.jobs();
    return jobs.all().stream().map(job -> JobView.of(job, jobs.alertsOf(job))).toList();
  }

  @Override
  public List<EventType<?>> eventTypes() {
    var types = new TreeMap<String, EventType<?>>();
    for (JobDefinition<?, ?> job : settings.jobs().all()) {
      for (Subscription<?, ?> subscription : job.subscriptions()) {
        types.putIfAbsent(subscription.type().name(), subscription.type());
      }
    }
    return List.copyOf(types.values());
  }

  @Override
  public <I extends @Nullable Object> I input(Job<I> job, String json) {
    return read(JobDefinition.of(job).input(), json);
  }

  @Override
  public <E> E data(EventType<E> type, String json) {
    return read(type.data(), json);
  }

  @Override
  public Schedule schedule(String text) {
    return settings.jobs().schedule(text);
  }

  private <T extends @Nullable Object> T read(TypeRef<T> type, String json) {
    Codec own = settings.payloads().codec();
    Codec codec = own.id().equals(STANDARD.id()) ? own : STANDARD;
    return codec.decode(type, json.getBytes(StandardCharsets.UTF_8));
  }
}
