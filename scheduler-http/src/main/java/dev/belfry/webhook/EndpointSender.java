// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Signs and posts a message to a stored endpoint. Thread-safe. */
record EndpointSender(
    SecretSeal seal,
    Function<? super String, ? extends Collection<WebhookSecret>> secrets,
    HttpExchanges exchanges,
    InstantSource clock) {

  HttpAnswer post(StoredEndpoint endpoint, WebhookMessage message) throws InterruptedException {
    byte[] body = message.body();
    Map<String, String> sent = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    sent.putAll(endpoint.spec().headers());
    sent.put("Content-Type", "application/json");
    Instant now = clock.instant();
    Collection<WebhookSecret> signing = secretsOf(endpoint, now);
    sent.putAll(
        WebhookSigner.of(SignatureScheme.STANDARD, () -> signing).headers(message.id(), now, body));
    var call = new HttpCall("POST", endpoint.spec().url(), sent, body, endpoint.spec().timeout());
    try {
      return exchanges.exchange(call);
    } catch (HttpFailedException.Connect failed) {
      if (failed.wasConnected()) {
        throw failed;
      }
      return exchanges.exchange(call); // once more: a server that was restarted, say
    }
  }

  private Collection<WebhookSecret> secretsOf(StoredEndpoint endpoint, Instant now) {
    if (endpoint.spec().secretsFrom().isPresent()) {
      return secrets.apply(endpoint.spec().secretsFrom().get());
    }
    return endpoint.sealed().stream()
        .filter(secret -> secret.isUsedAt(now)) // its key may be gone when it has ended
        .map(secret -> seal.open(secret, endpoint.place()))
        .toList();
  }
}
