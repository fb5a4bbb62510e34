// SPDX-License-Identifier: Apache-2.0
package dev.belfry.examples.hello;

import dev.belfry.Job;
import dev.belfry.Scheduler;
import java.time.Duration;

/** The smallest program: one job, one run, in memory. */
public class Hello {
  public static void main(String[] args) throws InterruptedException {
    Job<Void> hello = Job.named("hello").handler(ctx -> System.out.println("Hello, world!"));
    var belfry = Scheduler.builder();
    try (Scheduler scheduler = belfry.register(hello).start()) {
      scheduler.enqueue(hello).await(Duration.ofSeconds(10));
    }
  }
}
