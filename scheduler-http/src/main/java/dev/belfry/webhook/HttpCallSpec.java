// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP call as data: the input of the job of {@link HttpCalls}, which can be stored, scheduled
 * and changed while the scheduler runs. What is missing where it is read has its default.
 *
 * @param method GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS; default: GET
 * @param url what is called
 * @param headers as {@link HttpJob#header} takes them; shown to whoever sees the call
 * @param secretHeaders headers whose values nobody is to see, each with the name of a secret of
 *     {@link HttpCalls}
 * @param body a template, as {@link HttpJob#body} takes it; default: none
 * @param statuses which are good; default: 200 to 299
 * @param text what the answer is to contain
 * @param pattern what is to be found in the answer, as {@link HttpJob#expectPattern} takes it
 * @param json values that are to be in the answer, by JSON pointer
 * @param timeout of the whole call, 1 ms to 30 minutes; default: 30 seconds
 */
public record HttpCallSpec(
    String method,
    URI url,
    Map<String, String> headers,
    Map<String, String> secretHeaders,
    String body,
    List<Integer> statuses,
    Optional<String> text,
    Optional<String> pattern,
    Map<String, String> json,
    Duration timeout) {
  private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(30);

  /** Checks what can be checked without a guard; nulls are defaults. */
  @SuppressWarnings("NullableOptional") // as JSON has it that lacks the property
  public HttpCallSpec(
      @Nullable String method,
      URI url,
      @Nullable Map<String, String> headers,
      @Nullable Map<String, String> secretHeaders,
      @Nullable String body,
      @Nullable List<Integer> statuses,
      @Nullable Optional<String> text,
      @Nullable Optional<String> pattern,
      @Nullable Map<String, String> json,
      @Nullable Duration timeout) {
    this.method = HttpJob.checkedMethod(method == null ? "GET" : method);
    this.url = requireNonNull(url, "url");
    this.headers = headers == null ? Map.of() : Map.copyOf(headers);
    this.secretHeaders = secretHeaders == null ? Map.of() : Map.copyOf(secretHeaders);
    this.body = body == null ? "" : body;
    this.statuses = statuses == null ? List.of() : List.copyOf(statuses);
    this.text = text == null ? Optional.empty() : text;
    this.pattern = pattern == null ? Optional.empty() : pattern;
    this.json = json == null ? Map.of() : Map.copyOf(json);
    this.timeout = HttpJob.checked(timeout == null ? USUAL_TIMEOUT : timeout);
    this.headers.forEach(HeaderRules::check);
    this.secretHeaders.keySet().forEach(name -> HeaderRules.check(name, ""));
    new BodyTemplate(this.body); // refuses names that it does not know
    expectations(); // refuse what is none
  }

  /** Returns a call by GET. */
  public static HttpCallSpec get(URI url) {
    return of("GET", url);
  }

  /** Returns a call by POST, without a body. */
  public static HttpCallSpec post(URI url) {
    return of("POST", url);
  }

  /** Returns a call. */
  public static HttpCallSpec of(String method, URI url) {
    return new HttpCallSpec(method, url, null, null, null, null, null, null, null, null);
  }

  /** Returns this call with one more header. */
  public HttpCallSpec withHeader(String name, String value) {
    return new HttpCallSpec(
        method,
        url,
        with(headers, name, value),
        secretHeaders,
        body,
        statuses,
        text,
        pattern,
        json,
        timeout);
  }

  /**
   * Returns this call with one more header whose value is a secret.
   *
   * @param secret the name of the secret, not its value
   */
  public HttpCallSpec withSecretHeader(String name, String secret) {
    return new HttpCallSpec(
        method,
        url,
        headers,
        with(secretHeaders, name, secret),
        body,
        statuses,
        text,
        pattern,
        json,
        timeout);
  }

  /** Returns this call with a body. */
  public HttpCallSpec withBody(String contentType, String template) {
    return new HttpCallSpec(
        method,
        url,
        with(headers, "Content-Type", contentType),
        secretHeaders,
        template,
        statuses,
        text,
        pattern,
        json,
        timeout);
  }

  /** Returns this call with one more status that is good. */
  public HttpCallSpec expectingStatus(int status) {
    var more = new ArrayList<>(statuses);
    more.add(status);
    return new HttpCallSpec(
        method, url, headers, secretHeaders, body, more, text, pattern, json, timeout);
  }

  /** Returns this call with a text that the answer is to contain. */
  public HttpCallSpec expectingText(String newText) {
    return new HttpCallSpec(
        method,
        url,
        headers,
        secretHeaders,
        body,
        statuses,
        Optional.of(newText),
        pattern,
        json,
        timeout);
  }

  /** Returns this call with a pattern that is to be found in the answer. */
  public HttpCallSpec expectingPattern(String expression) {
    return new HttpCallSpec(
        method,
        url,
        headers,
        secretHeaders,
        body,
        statuses,
        text,
        Optional.of(expression),
        json,
        timeout);
  }

  /** Returns this call with one more value that is to be in the answer. */
  public HttpCallSpec expectingJson(String pointer, String value) {
    return new HttpCallSpec(
        method,
        url,
        headers,
        secretHeaders,
        body,
        statuses,
        text,
        pattern,
        with(json, pointer, value),
        timeout);
  }

  /** Returns this call with another timeout. */
  public HttpCallSpec withTimeout(Duration time) {
    return new HttpCallSpec(
        method, url, headers, secretHeaders, body, statuses, text, pattern, json, time);
  }

  private static Map<String, String> with(Map<String, String> map, String name, String value) {
    var more = new LinkedHashMap<>(map);
    more.put(name, value);
    return more;
  }

  HttpExpectations expectations() {
    var expectations = new HttpExpectations();
    statuses.forEach(expectations::status);
    text.ifPresent(expectations::text);
    pattern.ifPresent(expectations::pattern);
    json.forEach(expectations::json);
    return expectations;
  }
}
