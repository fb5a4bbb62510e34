// SPDX-License-Identifier: Apache-2.0

/** Schedules, queued jobs and durable functions, with an in-memory store. */
module dev.belfry {
  requires org.slf4j;
  requires static transitive org.jspecify;

  exports dev.belfry.host;
  exports dev.belfry.run;
  exports dev.belfry.store;
}
