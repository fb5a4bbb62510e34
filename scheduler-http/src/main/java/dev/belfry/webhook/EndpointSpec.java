// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is said of a stored endpoint: where messages go, which ones, and how. A value.
 *
 * <pre>{@code
 * webhooks.endpoints().create("crm",
 *     EndpointSpec.of(URI.create("https://crm.example.com/hooks"), "order.*", "refund.made"));
 * }</pre>
 */
public final class EndpointSpec {
  private static final int MOST_EVENTS = 100;
  private static final int MOST_HEADERS = 20;
  private static final int MOST_WAITS = 30;
  private static final int MOST_TEXT = 500;
  private static final int MOST_AT_ONCE = 50;
  private static final Duration LONGEST_WAIT = Duration.ofHours(24); // as any Retry-After

  private final URI url;
  private final List<String> events;
  private final Map<String, String> headers;
  private final List<Duration> retry;
  private final int limit;
  private final Duration timeout;
  private final String description;
  private final Optional<String> secretsFrom;

  private EndpointSpec(
      URI url,
      List<String> events,
      Map<String, String> headers,
      List<Duration> retry,
      int limit,
      Duration timeout,
      String description,
      Optional<String> secretsFrom) {
    this.url = requireNonNull(url, "url");
    this.events = List.copyOf(events);
    this.headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    this.retry = List.copyOf(retry);
    this.limit = limit;
    this.timeout = timeout;
    this.description = description;
    this.secretsFrom = secretsFrom;
  }

  /**
   * Returns what is said of an endpoint with the usual retries and limits.
   *
   * @param url where messages go; asked of the guard when the endpoint is saved
   * @param events 1 to 100 types of messages: {@code order.paid}, or all that begin alike, {@code
   *     order.*}, or {@code *} for all
   */
  public static EndpointSpec of(URI url, String... events) {
    return new EndpointSpec(
        url,
        checkedEvents(List.of(events)),
        Map.of(),
        WebhookEndpoint.SCHEDULE,
        WebhookEndpoint.AT_ONCE,
        WebhookEndpoint.TIMEOUT,
        "",
        Optional.empty());
  }

  /** Returns this with another URL. */
  public EndpointSpec withUrl(URI newUrl) {
    return new EndpointSpec(
        newUrl, events, headers, retry, limit, timeout, description, secretsFrom);
  }

  /** Returns this with other types of messages, as {@link #of} takes them. */
  public EndpointSpec withEvents(String... newEvents) {
    List<String> checked = checkedEvents(List.of(newEvents));
    return new EndpointSpec(url, checked, headers, retry, limit, timeout, description, secretsFrom);
  }

  /**
   * Returns this with one more header, or another value of it, as {@link HttpJob#header} takes
   * them; at most 20. It is stored as it is, and shown: a secret is not to be among them.
   */
  public EndpointSpec withHeader(String name, String value) {
    HeaderRules.check(name, value);
    var more = new LinkedHashMap<>(headers);
    more.keySet().removeIf(name::equalsIgnoreCase);
    more.put(name, value);
    if (more.size() > MOST_HEADERS) {
      throw new IllegalArgumentException(
          "an endpoint has at most " + MOST_HEADERS + " headers, was to have " + more.size());
    }
    return new EndpointSpec(url, events, more, retry, limit, timeout, description, secretsFrom);
  }

  /** Returns this without a header. */
  public EndpointSpec withoutHeader(String name) {
    var less = new LinkedHashMap<>(headers);
    less.keySet().removeIf(name::equalsIgnoreCase);
    return new EndpointSpec(url, events, less, retry, limit, timeout, description, secretsFrom);
  }

  /**
   * Returns this with other waits between attempts, each up to a fifth more or less. Default: those
   * of Standard Webhooks, 5 s to 24 h, for ten attempts in about three days.
   *
   * @param waits at most 30, of 1 ms to 24 h; none for a single attempt
   */
  public EndpointSpec withRetry(Duration... waits) {
    if (waits.length > MOST_WAITS) {
      throw new IllegalArgumentException(
          "an endpoint has at most " + MOST_WAITS + " waits, was to have " + waits.length);
    }
    for (Duration wait : waits) {
      if (wait.toMillis() < 1 || wait.compareTo(LONGEST_WAIT) > 0) {
        throw new IllegalArgumentException("a wait must be PT0.001S to PT24H, was " + wait);
      }
    }
    return new EndpointSpec(
        url, events, headers, List.of(waits), limit, timeout, description, secretsFrom);
  }

  /**
   * Returns this with another number of deliveries that may be under way at once, over all nodes.
   * Counts for messages that are sent from then on. Default: 4.
   *
   * @param atOnce 1 to 50
   */
  public EndpointSpec withLimit(int atOnce) {
    if (atOnce < 1 || atOnce > MOST_AT_ONCE) {
      throw new IllegalArgumentException(
          "limit of an endpoint must be 1 to " + MOST_AT_ONCE + ", was " + atOnce);
    }
    return new EndpointSpec(url, events, headers, retry, atOnce, timeout, description, secretsFrom);
  }

  /** Returns this with another limit of an attempt, 1 ms to 30 minutes. Default: 15 seconds. */
  public EndpointSpec withTimeout(Duration time) {
    return new EndpointSpec(
        url, events, headers, retry, limit, HttpJob.checked(time), description, secretsFrom);
  }

  /** Returns this with a text for people, of at most 500 characters. Default: none. */
  public EndpointSpec withDescription(String text) {
    if (text.length() > MOST_TEXT) {
      throw new IllegalArgumentException(
          "description must have at most " + MOST_TEXT + " characters, had " + text.length());
    }
    return new EndpointSpec(url, events, headers, retry, limit, timeout, text, secretsFrom);
  }

  /**
   * Returns this with secrets that the application keeps; see {@link Webhooks#secrets}. Default:
   * Belfry makes up a secret, and keeps it encrypted.
   *
   * @param reference by what the application finds them, 1 to 500 characters
   */
  public EndpointSpec withSecretsFrom(String reference) {
    if (reference.isEmpty() || reference.length() > MOST_TEXT) {
      throw new IllegalArgumentException(
          "reference to secrets must have 1 to 500 characters, had " + reference.length());
    }
    return new EndpointSpec(
        url, events, headers, retry, limit, timeout, description, Optional.of(reference));
  }

  private static List<String> checkedEvents(List<String> events) {
    if (events.isEmpty() || events.size() > MOST_EVENTS) {
      throw new IllegalArgumentException(
          "an endpoint is told of 1 to "
              + MOST_EVENTS
              + " types of messages, had "
              + events.size());
    }
    events.forEach(EventPattern::check);
    return events;
  }

  /** Returns where messages go. */
  public URI url() {
    return url;
  }

  /** Returns the types of messages, as they were given. */
  public List<String> events() {
    return events;
  }

  /** Returns the headers, in the order of being added. */
  public Map<String, String> headers() {
    return headers;
  }

  /** Returns the waits between attempts. */
  public List<Duration> retry() {
    return retry;
  }

  /** Returns how many deliveries may be under way at once. */
  public int limit() {
    return limit;
  }

  /** Returns the limit of an attempt. */
  public Duration timeout() {
    return timeout;
  }

  /** Returns the text for people; empty if there is none. */
  public String description() {
    return description;
  }

  /** Returns by what the application finds the secrets, if it keeps them. */
  public Optional<String> secretsFrom() {
    return secretsFrom;
  }

  /** Returns whether a type of messages is one of its own. */
  public boolean takes(String type) {
    return events.stream().anyMatch(pattern -> EventPattern.matches(pattern, type));
  }
}
