// SPDX-License-Identifier: Apache-2.0
package dev.belfry.http.security;

import dev.belfry.http.Principal;
import dev.belfry.http.Scope;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.Set;

/**
 * A token that was made at run time, without its text, which nobody has but who was shown it.
 *
 * @param id its id: the name and which of two it is
 * @param hash SHA-256 of the text, in hex
 * @param createdBy who made it
 * @param lastUsed the day on which it was used last, in UTC
 * @param version the version of its record
 */
public record StoredToken(
    String id,
    String name,
    String hash,
    Scope scope,
    Set<String> tags,
    Instant createdAt,
    String createdBy,
    Optional<Instant> end,
    Optional<LocalDate> lastUsed,
    long version) {
  Principal principal() {
    return new Principal(name, scope, tags);
  }

  StoredToken usedOn(LocalDate day) {
    return new StoredToken(
        id, name, hash, scope, tags, createdAt, createdBy, end, Optional.of(day), version);
  }
}
