// SPDX-License-Identifier: Apache-2.0

/** Signed webhooks, HTTP jobs, the management API and the dashboard. */
module dev.belfry.http {
  requires transitive dev.belfry;
  requires jdk.httpserver;
  requires com.fasterxml.jackson.databind;
  requires org.slf4j;
  requires static jakarta.servlet;
  requires static org.jspecify;

  exports dev.belfry.admin;
  exports dev.belfry.http;
  exports dev.belfry.http.servlet;
  exports dev.belfry.webhook;
  exports dev.belfry.webhook.testing;

  // records that are answers, and the inputs of jobs
  opens dev.belfry.admin.api to
      com.fasterxml.jackson.databind;
  opens dev.belfry.webhook to
      dev.belfry,
      com.fasterxml.jackson.databind;
}
