// SPDX-License-Identifier: Apache-2.0

package dev.belfry.benchmarks.databases;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.stream.Stream;
import org.jobrunr.jobs.lambdas.JobRequest;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.jobrunr.jobs.mappers.JobMapper;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.server.BackgroundJobServer;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.server.JobActivator;
import org.jobrunr.storage.StorageProvider;
import org.jobrunr.storage.sql.common.SqlStorageProviderFactory;
import org.jobrunr.utils.mapper.JsonMapper;
import org.jobrunr.utils.mapper.jackson.JacksonJsonMapper;
import org.jspecify.annotations.Nullable;

/**
 * JobRunr's open-source edition, which keeps history. Tuned: polls each 5 s, the least that it
 * takes; by default each 15 s.
 */
final class JobRunrEngine implements Engine {
  private final Setup setup;
  private final JsonMapper json = new JacksonJsonMapper();
  private @Nullable StorageProvider storage;
  private @Nullable BackgroundJobServer server;
  private volatile @Nullable Tally tally;

  JobRunrEngine(Setup setup) {
    this.setup = setup;
  }

  /** A run without input. */
  public record NoOp() implements JobRequest {
    @Override
    public Class<NoOpHandler> getJobRequestHandler() {
      return NoOpHandler.class;
    }
  }

  /** A run with a stamp. */
  public record Stamped(long stamp) implements JobRequest {
    @Override
    public Class<StampedHandler> getJobRequestHandler() {
      return StampedHandler.class;
    }
  }

  /** Carries out runs without input. */
  public record NoOpHandler(Tally tally) implements JobRequestHandler<NoOp> {
    @Override
    public void run(NoOp request) {
      tally.ran(1);
    }
  }

  /** Carries out runs with a stamp. */
  public record StampedHandler(Tally tally) implements JobRequestHandler<Stamped> {
    @Override
    public void run(Stamped request) {
      tally.began(request.stamp());
    }
  }

  private final class Handlers implements JobActivator {
    @Override
    public <T> T activateJob(Class<T> type) {
      Tally to = requireNonNull(tally);
      return type.cast(type == NoOpHandler.class ? new NoOpHandler(to) : new StampedHandler(to));
    }
  }

  private synchronized StorageProvider storage() {
    if (storage == null) {
      storage = SqlStorageProviderFactory.using(setup.pool());
      storage.setJobMapper(new JobMapper(json));
    }
    return storage;
  }

  @Override
  public void create() {
    storage();
  }

  @Override
  public void fill(int runs) {
    new JobRequestScheduler(storage()).enqueue(Stream.generate(NoOp::new).limit(runs));
  }

  @Override
  public void enqueue(long stamp) {
    new JobRequestScheduler(storage()).enqueue(new Stamped(stamp));
  }

  @Override
  public void start(Tally newTally) {
    this.tally = newTally;
    var configuration =
        BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
            .andPollInterval(Duration.ofSeconds(5))
            .andWorkerCount(setup.workers())
            .andInterruptJobsAwaitDurationOnStopBackgroundJobServer(Duration.ofSeconds(2));
    server = new BackgroundJobServer(storage(), json, new Handlers(), configuration);
    server.start();
  }

  /** Does nothing: it is never drained to the end. */
  @Override
  public void settle() {}

  @Override
  public void stop() {
    requireNonNull(server).stop();
    server = null;
  }

  @Override
  public void close() {
    storage().close();
  }
}
