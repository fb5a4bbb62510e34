// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * What is sent.
 *
 * @param headers names and values as {@link HeaderRules} allow them
 * @param body what is sent after the headers; empty for none
 * @param timeout of the whole exchange, from the look-up of the name to the last byte
 */
record HttpCall(
    String method, URI url, Map<String, String> headers, byte[] body, Duration timeout) {}
