// SPDX-License-Identifier: Apache-2.0
package dev.belfry.retry;

/**
 * Thrown by a handler to say that another attempt cannot help: the run fails at once, whatever its
 * policy. It also counts when it is the cause of another exception.
 */
public class NonRetryableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what failed
   */
  public NonRetryableException(String message) {
    super(message);
  }

  /**
   * Creates the exception around another.
   *
   * @param message what failed
   * @param cause why
   */
  public NonRetryableException(String message, Throwable cause) {
    super(message, cause);
  }
}
