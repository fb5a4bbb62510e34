// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.host.Host;
import dev.belfry.schedule.Schedule;
import dev.belfry.store.CodecException;
import dev.belfry.store.JobStore;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a plug-in works with: the scheduler that it extends, as it stands when it has started.
 * Thread-safe.
 */
public interface PluginContext {
  /** Returns the scheduler, as a client. */
  SchedulerClient client();

  /**
   * Returns the store, to read what the client does not tell and to keep records. It is open as
   * long as the plug-in is.
   */
  JobStore store();

  /** Returns the owner of clock, threads and randomness. */
  Host host();

  /** Returns the name of the node. */
  String node();

  /** Returns the queues of the node, each with the number of its workers. */
  Map<String, Integer> workers();

  /** Returns the jobs that the node's code knows, in order of registration. */
  List<JobView> jobs();

  /** Returns the types of events that the node's jobs subscribe to, in order of name. */
  List<EventType<?>> eventTypes();

  /**
   * Reads an input of a job from JSON text, as the scheduler's codec does if it speaks JSON, else
   * as {@link dev.belfry.store.Codec#standard()} does.
   *
   * @throws CodecException if the text is not an input of the job; the message says where
   */
  <I extends @Nullable Object> I input(Job<I> job, String json);

  /**
   * Reads the data of an event from JSON text, as {@link #input} does.
   *
   * @throws CodecException if the text is not data of the event; the message says where
   */
  <E> E data(EventType<E> type, String json);

  /**
   * Reads a schedule from its text, with the exclusions that the code of the node's jobs names.
   *
   * @throws IllegalArgumentException if the text is not a schedule; the message says why
   */
  Schedule schedule(String text);
}
