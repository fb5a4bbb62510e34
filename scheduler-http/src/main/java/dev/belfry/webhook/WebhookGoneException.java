// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import dev.belfry.run.SchedulerException;

/** An endpoint has answered 410: it wants no messages any more. */
public final class WebhookGoneException extends SchedulerException {
  private static final long serialVersionUID = 1;

  WebhookGoneException() {
    this("the endpoint is gone (status 410); its job is paused, resume it if that is wrong");
  }

  WebhookGoneException(String message) {
    super(message);
  }
}
