// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import dev.belfry.run.SchedulerException;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP call did not do what it should. The kind is the class, so that an alert rule or a retry
 * policy can name it; none of them shows an address or a secret.
 */
public abstract sealed class HttpFailedException extends SchedulerException {
  private static final long serialVersionUID = 1;

  private HttpFailedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** The answer had a status that was not expected. */
  public static final class Status extends HttpFailedException {
    private static final long serialVersionUID = 1;

    /** The status. */
    private final int status;

    Status(int status, String message) {
      super(message, null);
      this.status = status;
    }

    /** Returns the status, 100 to 999. */
    public int status() {
      return status;
    }
  }

  /** The exchange was not over at its deadline. */
  public static final class Timeout extends HttpFailedException {
    private static final long serialVersionUID = 1;

    Timeout(String message) {
      super(message, null);
    }
  }

  /**
   * There was no whole answer: the name is unknown, nobody listens, the certificate is bad, the
   * connection broke, or what came is no HTTP.
   */
  public static final class Connect extends HttpFailedException {
    private static final long serialVersionUID = 1;

    /** Whether the connection stood, so that the request may have arrived. */
    private final boolean connected;

    Connect(String message, @Nullable Throwable cause) {
      this(message, cause, true);
    }

    Connect(String message, @Nullable Throwable cause, boolean connected) {
      super(message, cause);
      this.connected = connected;
    }

    boolean wasConnected() {
      return connected;
    }
  }

  /** The answer's body was not what was expected. */
  public static final class Content extends HttpFailedException {
    private static final long serialVersionUID = 1;

    Content(String message) {
      super(message, null);
    }
  }
}
