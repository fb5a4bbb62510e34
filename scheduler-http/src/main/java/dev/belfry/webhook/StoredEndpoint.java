// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An endpoint as it is stored.
 *
 * @param version 0 for one that is not stored yet
 * @param off why it is disabled; empty if it is not
 * @param sealed its secrets, newest first; none if the application keeps them
 */
record StoredEndpoint(
    String id,
    long version,
    EndpointSpec spec,
    Optional<String> off,
    Instant createdAt,
    List<StoredSecret> sealed) {
  StoredEndpoint {
    sealed = List.copyOf(sealed);
  }

  /** Returns where its secrets belong to. */
  String place() {
    return place(id);
  }

  static String place(String id) {
    return "webhook endpoint " + id;
  }

  StoredEndpoint withSpec(EndpointSpec newSpec) {
    return new StoredEndpoint(id, version, newSpec, off, createdAt, sealed);
  }

  StoredEndpoint withOff(Optional<String> reason) {
    return new StoredEndpoint(id, version, spec, reason, createdAt, sealed);
  }

  StoredEndpoint withSealed(List<StoredSecret> secrets) {
    return new StoredEndpoint(id, version, spec, off, createdAt, secrets);
  }

  /** Returns it with a new secret; those that it had end at an instant, unless they do earlier. */
  StoredEndpoint withFresh(StoredSecret fresh, Instant now, Instant end) {
    Stream<StoredSecret> old =
        sealed.stream()
            .filter(secret -> secret.isUsedAt(now))
            .map(secret -> secret.isUsedAt(end) ? secret.until(end) : secret)
            .filter(secret -> secret.isUsedAt(now))
            .limit(WebhookSigner.MOST_SECRETS - 1L);
    return withSealed(Stream.concat(Stream.of(fresh), old).toList());
  }

  EndpointView view(EndpointHealth health) {
    return new View(this, health);
  }

  private record View(StoredEndpoint stored, EndpointHealth health) implements EndpointView {
    @Override
    public String id() {
      return stored.id();
    }

    @Override
    public long version() {
      return stored.version();
    }

    @Override
    public EndpointSpec spec() {
      return stored.spec();
    }

    @Override
    public boolean enabled() {
      return stored.off().isEmpty();
    }

    @Override
    public Optional<String> disabledBecause() {
      return stored.off();
    }

    @Override
    public Instant createdAt() {
      return stored.createdAt();
    }

    @Override
    public List<String> secrets() {
      return stored.sealed().stream().map(StoredSecret::shown).toList();
    }

    @Override
    public int failures() {
      return health.failures();
    }

    @Override
    public Optional<Instant> failingSince() {
      return health.failingSince();
    }

    /** For logs: nothing that is secret. */
    @Override
    public String toString() {
      return stored.place() + (enabled() ? "" : ", disabled");
    }
  }
}
