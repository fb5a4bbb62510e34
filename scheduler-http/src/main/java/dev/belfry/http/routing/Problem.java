// SPDX-License-Identifier: Apache-2.0
package dev.belfry.http.routing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belfry.http.Response;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Why a request is not answered as asked: ends its handling and becomes an answer. What it says
 * goes out, so it never repeats the path.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a>
 */
public final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final Map<Integer, String> TITLES =
      Map.ofEntries(
          Map.entry(400, "Bad Request"),
          Map.entry(401, "Unauthorized"),
          Map.entry(403, "Forbidden"),
          Map.entry(404, "Not Found"),
          Map.entry(405, "Method Not Allowed"),
          Map.entry(406, "Not Acceptable"),
          Map.entry(408, "Request Timeout"),
          Map.entry(409, "Conflict"),
          Map.entry(412, "Precondition Failed"),
          Map.entry(413, "Content Too Large"),
          Map.entry(414, "URI Too Long"),
          Map.entry(415, "Unsupported Media Type"),
          Map.entry(421, "Misdirected Request"),
          Map.entry(422, "Unprocessable Content"),
          Map.entry(428, "Precondition Required"),
          Map.entry(429, "Too Many Requests"),
          Map.entry(431, "Request Header Fields Too Large"),
          Map.entry(500, "Internal Server Error"),
          Map.entry(503, "Service Unavailable"));

  /**
   * What is wrong with one place of the request.
   *
   * @param pointer the place: a JSON pointer into the body, or the name of a parameter
   * @param detail what is wrong there
   */
  public record Fault(String pointer, String detail) {}

  private final int status;
  private final String code;
  private final transient List<Fault> faults;
  private final transient Map<String, String> headers;

  private Problem(
      int status, String code, String detail, List<Fault> faults, Map<String, String> headers) {
    super(detail, null, false, false);
    this.status = status;
    this.code = code;
    this.faults = faults;
    this.headers = headers;
  }

  /**
   * Returns a problem.
   *
   * @param code what programs tell it by, as in {@code run-not-found}; never changes
   * @param detail what people read: what was wrong, and what would be right
   */
  public static Problem of(int status, String code, String detail) {
    return new Problem(status, code, detail, List.of(), Map.of());
  }

  /** Returns a problem with some places of the request. */
  public static Problem of(int status, String code, String detail, List<Fault> faults) {
    return new Problem(status, code, detail, List.copyOf(faults), Map.of());
  }

  /** Returns that something is not there, or not for who asks. */
  public static Problem notFound(String what) {
    return of(404, "not-found", "there is no such " + what);
  }

  /** Returns that a parameter or property is wrong. */
  public static Problem invalid(String pointer, String detail) {
    return of(422, "invalid", detail, List.of(new Fault(pointer, detail)));
  }

  /** Returns this problem with a header of its answer, in place of the one of that name. */
  public Problem with(String name, String value) {
    var more = new TreeMap<>(headers);
    more.put(name, value);
    return new Problem(status, code, detail(), faults, more);
  }

  /** Returns the status code. */
  public int status() {
    return status;
  }

  /** Returns what programs tell it by. */
  public String code() {
    return code;
  }

  /** Returns what people read. */
  public String detail() {
    return String.valueOf(getMessage());
  }

  /** Returns the places that are wrong, if it is about places. */
  public List<Fault> faults() {
    return faults;
  }

  /**
   * Returns the answer to a request that has this problem: {@code application/problem+json}, not to
   * be kept by anybody.
   */
  public Response answer() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("type", "about:blank"); // then the title is that of the status; the code tells more
    json.put("title", TITLES.getOrDefault(status, "Error"));
    json.put("status", status);
    json.put("detail", detail());
    json.put("code", code);
    if (!faults.isEmpty()) {
      var errors = json.putArray("errors");
      for (Fault fault : faults) {
        errors.addObject().put("pointer", fault.pointer()).put("detail", fault.detail());
      }
    }
    Response answer =
        Response.of(status, "application/problem+json", json.toString())
            .with("cache-control", "no-store");
    for (Map.Entry<String, String> header : headers.entrySet()) {
      answer = answer.with(header.getKey(), header.getValue());
    }
    return answer;
  }
}
