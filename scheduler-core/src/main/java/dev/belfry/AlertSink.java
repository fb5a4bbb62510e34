// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

/**
 * Where alerts go: a chat, a pager, a mail. Called on a worker, by one of the nodes that have it.
 */
@FunctionalInterface
public interface AlertSink {
  /**
   * Takes an alert. At least once: it may come again after the death of a node. One that fails is
   * retried by {@link dev.belfry.retry.RetryPolicy#defaults()}, and keeps no other sink waiting.
   *
   * @throws Exception if it could not be taken
   */
  void send(Alert alert) throws Exception;
}
