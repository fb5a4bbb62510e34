// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import java.time.Instant;
import java.util.Optional;

/**
 * A secret as it is stored.
 *
 * @param shown what people see of it
 * @param until from when on it is not used any more
 * @param key the id of the key that it is encrypted with
 * @param sealed the encrypted text
 */
record StoredSecret(String shown, Optional<Instant> until, String key, String sealed) {
  StoredSecret until(Instant end) {
    return new StoredSecret(shown, Optional.of(end), key, sealed);
  }

  boolean isUsedAt(Instant now) {
    return until.isEmpty() || now.isBefore(until.get());
  }
}
