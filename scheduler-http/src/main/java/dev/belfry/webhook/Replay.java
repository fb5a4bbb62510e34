// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import java.time.Instant;

/**
 * An order to send again what an endpoint has missed.
 *
 * @param endpoint its id
 * @param since messages that were sent at or after
 * @param until messages that were sent before
 */
record Replay(String endpoint, Instant since, Instant until) {}
