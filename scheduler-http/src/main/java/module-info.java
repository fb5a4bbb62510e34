// SPDX-License-Identifier: Apache-2.0

/** Signed webhooks, HTTP jobs, the management API and the dashboard. */
module dev.belfry.http {
  requires transitive dev.belfry;
  requires jdk.httpserver;
  requires com.fasterxml.jackson.databind;
  requires static org.jspecify;

  exports dev.belfry.http;
  exports dev.belfry.webhook;
  exports dev.belfry.webhook.testing;

  opens dev.belfry.webhook to
      dev.belfry; // which reads and writes the inputs of jobs
}
