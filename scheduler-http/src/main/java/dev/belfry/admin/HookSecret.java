// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin;

import dev.belfry.webhook.WebhookVerifier;
import java.util.function.Supplier;

/** How callers of a hook show that they may. */
sealed interface HookSecret {
  /** By a bearer token. */
  record Bearer(Supplier<String> text) implements HookSecret {}

  /** By a signature. */
  record Signature(WebhookVerifier verifier) implements HookSecret {}
}
