// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

/**
 * A message on its way to one endpoint.
 *
 * @param endpoint the id of the endpoint
 * @param slot which of the endpoint's slots it is for: one delivery at once is under way in each
 * @param test whether it is a test, whose outcome changes nothing
 * @param message what is sent
 */
record Delivery(String endpoint, int slot, boolean test, WebhookMessage message) {
  static final String TAG = "endpoint=";

  /** Returns a message on its way, in the slot that its id tells. */
  static Delivery of(StoredEndpoint endpoint, WebhookMessage message) {
    int slot = Math.floorMod(message.id().hashCode(), endpoint.spec().limit());
    return new Delivery(endpoint.id(), slot, false, message);
  }

  /** Returns a test, in a slot of its own. */
  static Delivery ofTest(String endpoint, WebhookMessage message) {
    return new Delivery(endpoint, -1, true, message);
  }

  /** Returns by what deliveries are limited together. */
  String slotKey() {
    return endpoint + "#" + slot;
  }

  /** Returns what tells this delivery from others, and repeats of it from the first. */
  String key() {
    return message.id() + " to " + endpoint;
  }
}
