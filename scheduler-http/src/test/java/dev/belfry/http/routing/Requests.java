// SPDX-License-Identifier: Apache-2.0
package dev.belfry.http.routing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.belfry.http.Headers;
import dev.belfry.http.Request;
import dev.belfry.http.Response;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;

/** Requests without a server, from this machine, and the text of answers. */
public final class Requests {
  private Requests() {}

  /** Returns a request without headers and body; a query may follow the path. */
  public static Request of(String method, String pathAndQuery) {
    return of(method, pathAndQuery, Headers.none(), "");
  }

  /** Returns a request; a query may follow the path. */
  public static Request of(String method, String pathAndQuery, Headers headers, String body) {
    int question = pathAndQuery.indexOf('?');
    return new Request(
        method,
        "",
        question < 0 ? pathAndQuery : pathAndQuery.substring(0, question),
        question < 0 ? "" : pathAndQuery.substring(question + 1),
        headers,
        new ByteArrayInputStream(body.getBytes(UTF_8)),
        InetAddress.getLoopbackAddress(),
        false);
  }

  /** Returns the body of an answer that has its bytes. */
  public static String text(Response response) {
    return new String(((Response.Bytes) response.body()).bytes(), UTF_8);
  }
}
