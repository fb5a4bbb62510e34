// SPDX-License-Identifier: Apache-2.0
package dev.belfry.examples.hello;

import dev.belfry.Job;
import dev.belfry.Scheduler;
import dev.belfry.jdbc.JdbcJobStore;
import java.nio.file.Path;
import java.time.Duration;

/** The smallest program with one line changed: jobs and history are kept in {@code data/app}. */
public class PersistentHello {
  public static void main(String[] args) throws InterruptedException {
    Job<Void> hello = Job.named("hello").handler(ctx -> System.out.println("Hello, world!"));
    var belfry = Scheduler.builder().store(JdbcJobStore.embedded(Path.of("data/app")));
    try (Scheduler scheduler = belfry.register(hello).start()) {
      scheduler.enqueue(hello).await(Duration.ofSeconds(10));
    }
  }
}
