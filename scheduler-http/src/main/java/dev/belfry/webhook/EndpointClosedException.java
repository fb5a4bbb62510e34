// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import dev.belfry.run.SchedulerException;

/** A delivery came to an endpoint that is disabled or deleted; it is dropped. */
final class EndpointClosedException extends SchedulerException {
  private static final long serialVersionUID = 1;

  EndpointClosedException(String message) {
    super(message);
  }
}
