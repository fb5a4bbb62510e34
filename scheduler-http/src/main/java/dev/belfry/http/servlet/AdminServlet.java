// SPDX-License-Identifier: Apache-2.0
package dev.belfry.http.servlet;

import static java.util.Objects.requireNonNull;

import dev.belfry.http.Handler;
import dev.belfry.http.Headers;
import dev.belfry.http.Request;
import dev.belfry.http.Response;
import dev.belfry.http.routing.Problem;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Carries requests of a servlet container to {@code Admin.embedded()}. Map it to a path with a
 * star:
 *
 * <pre>{@code
 * context.addServlet(new ServletHolder(new AdminServlet(admin.handler())), "/ops/*");
 * }</pre>
 *
 * <p>Bodies may have 1 MiB. A streaming answer holds a thread of the container; there are at most
 * 16 at a time. What clients do slowly is up to the container. Thread-safe.
 */
public final class AdminServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private static final int MOST_BYTES = 1024 * 1024;
  private static final int MOST_STREAMS = 16;

  private final transient Handler handler;
  private final transient Semaphore streams = new Semaphore(MOST_STREAMS);

  /** Returns a servlet of a handler. */
  public AdminServlet(Handler handler) {
    this.handler = requireNonNull(handler, "handler");
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Response answer = answer(request);
    if (answer.body() instanceof Response.Bytes body) {
      head(answer, response);
      if (body.bytes().length > 0) {
        response.setContentLength(body.bytes().length);
        response.getOutputStream().write(body.bytes());
      }
    } else if (answer.body() instanceof Response.Stream stream) {
      stream(answer, stream, response);
    }
  }

  private void stream(Response answer, Response.Stream stream, HttpServletResponse response)
      throws IOException {
    if (!streams.tryAcquire()) {
      response.setStatus(503);
      response.setHeader("retry-after", "10");
      return;
    }
    try {
      head(answer, response);
      response.flushBuffer();
      stream.writer().writeTo(response.getOutputStream());
    } finally {
      streams.release();
    }
  }

  private Response answer(HttpServletRequest request) throws IOException {
    byte[] body = request.getInputStream().readNBytes(MOST_BYTES + 1);
    if (body.length > MOST_BYTES) {
      return Problem.of(413, "too-large", "the body may have " + MOST_BYTES + " bytes, has more")
          .answer();
    }
    String base = request.getContextPath() + request.getServletPath();
    if (!request.getRequestURI().startsWith(base)) { // percent-encoded where it need not be
      return Problem.notFound("path").answer();
    }
    String path = request.getRequestURI().substring(base.length());
    return handler.handle(
        new Request(
            request.getMethod(),
            base,
            path.isEmpty() ? "/" : path,
            Optional.ofNullable(request.getQueryString()).orElse(""),
            headers(request),
            new ByteArrayInputStream(body),
            InetAddress.getByName(request.getRemoteAddr()),
            request.isSecure()));
  }

  private static Headers headers(HttpServletRequest request) {
    Map<String, List<String>> headers = new HashMap<>();
    for (String name : Collections.list(request.getHeaderNames())) {
      headers.put(name, Collections.list(request.getHeaders(name)));
    }
    return Headers.of(headers);
  }

  private static void head(Response answer, HttpServletResponse response) {
    response.setStatus(answer.status());
    answer
        .headers()
        .asMap()
        .forEach((name, values) -> values.forEach(value -> response.addHeader(name, value)));
  }
}
