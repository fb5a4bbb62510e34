// SPDX-License-Identifier: Apache-2.0

/** Schedules, queued jobs and durable functions, with an in-memory store. */
module dev.belfry {
  requires org.slf4j;
  requires static org.jspecify;

  exports dev.belfry;
  exports dev.belfry.host;
  exports dev.belfry.retry;
  exports dev.belfry.run;
  exports dev.belfry.schedule;
  exports dev.belfry.store;
}
