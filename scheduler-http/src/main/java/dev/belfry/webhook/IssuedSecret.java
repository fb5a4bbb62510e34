// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import java.util.Optional;

/**
 * An endpoint, and the secret that was made up for it.
 *
 * @param endpoint the endpoint as it is now
 * @param secret to be shown to the receiver now, as it is not told again; empty if the application
 *     keeps the endpoint's secrets
 */
public record IssuedSecret(EndpointView endpoint, Optional<WebhookSecret> secret) {}
