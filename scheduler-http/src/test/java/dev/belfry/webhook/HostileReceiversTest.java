// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a receiver does, an exchange ends by its deadline, in little memory. */
class HostileReceiversTest {
  private static final Duration TIMEOUT = Duration.ofMillis(700);
  private static final Duration GRACE = Duration.ofMillis(250);
  private static final int LIMIT = 16 * 1024;
  private static final long MOST_ALLOCATED = 4L * 1024 * 1024;
  private static final byte[] OK = "HTTP/1.1 200 OK\r\n".getBytes(UTF_8);

  private static final byte[] BOMB = bomb(); // made before anything is timed

  static Stream<Arguments> receivers() {
    return Stream.of(
        receiver("accepts and is silent", "timeout", (socket, out, self) -> self.hang()),
        receiver(
            "drips headers",
            "timeout",
            (socket, out, self) -> drip(out, self, OK, "X-Slow: and slower\r\n".repeat(1000))),
        receiver(
            "drips the body",
            "timeout",
            (socket, out, self) -> {
              out.write(OK);
              drip(out, self, "\r\n".getBytes(UTF_8), "x".repeat(20_000));
            }),
        receiver(
            "drips chunks",
            "timeout",
            (socket, out, self) -> {
              out.write(OK);
              out.write("Transfer-Encoding: chunked\r\n".getBytes(UTF_8));
              drip(out, self, "\r\n".getBytes(UTF_8), "1\r\nx\r\n".repeat(10_000));
            }),
        receiver(
            "endless body",
            "cut",
            (socket, out, self) -> {
              out.write(OK);
              pour(out, self, "\r\n", new byte[8192]);
            }),
        receiver(
            "endless chunk",
            "cut",
            (socket, out, self) -> {
              out.write(OK);
              pour(out, self, "Transfer-Encoding: chunked\r\n\r\nffffffff\r\n", new byte[8192]);
            }),
        receiver(
            "gzip bomb",
            "cut",
            (socket, out, self) -> {
              out.write(OK);
              out.write("Content-Encoding: gzip\r\n\r\n".getBytes(UTF_8));
              out.write(BOMB);
            }),
        receiver(
            "100,000 headers",
            "the answer has more than 65536 bytes of headers",
            (socket, out, self) -> {
              out.write(OK);
              out.write("X-Many: 1\r\n".repeat(100_000).getBytes(UTF_8));
              out.write("\r\n".getBytes(UTF_8));
            }),
        receiver(
            "endless header line",
            "the answer has more than 65536 bytes of headers",
            (socket, out, self) -> {
              out.write(OK);
              pour(out, self, "X-Long: ", "x".repeat(8192).getBytes(UTF_8));
            }),
        receiver(
            "endless interim answers",
            "more than 10 interim answers came",
            (socket, out, self) ->
                pour(out, self, "", "HTTP/1.1 100 Continue\r\n\r\n".getBytes(UTF_8))),
        receiver(
            "endless trailers",
            "the answer has more than 65536 bytes of headers",
            (socket, out, self) -> {
              out.write(OK);
              out.write("Transfer-Encoding: chunked\r\n\r\n0\r\n".getBytes(UTF_8));
              pour(out, self, "", "X: 1\r\n".getBytes(UTF_8));
            }),
        receiver(
            "reset",
            "Connection reset",
            (socket, out, self) -> {
              socket.setSoLinger(true, 0);
              socket.close();
            }),
        receiver(
            "early close",
            "the connection ended within the body of the answer",
            (socket, out, self) -> {
              out.write(OK);
              out.write("Content-Length: 1000\r\n\r\nhalf".getBytes(UTF_8));
            }),
        receiver(
            "redirect loop",
            "302",
            (socket, out, self) ->
                out.write(
                    ("HTTP/1.1 302 Found\r\nLocation: " + self.uri() + "\r\n\r\n")
                        .getBytes(UTF_8))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("receivers")
  void exchange_endsByItsDeadline_inLittleMemory(
      String what, String outcome, HostileServer.Behaviour behaviour) throws Exception {
    try (var server = new HostileServer(behaviour)) {
      HttpExchanges exchanges = exchanges();
      long allocated = allocated();
      long start = System.nanoTime();

      String found = outcome(exchanges, call(server, new byte[10]));

      Duration took = Duration.ofNanos(System.nanoTime() - start);
      assertThat(allocated() - allocated).isLessThan(MOST_ALLOCATED);
      assertThat(found).contains(outcome);
      assertThat(took).isLessThan(TIMEOUT.plus(GRACE));
    }
  }

  @Test
  void receiverThatDoesNotRead_isGivenUpAtTheDeadline() throws Exception {
    try (var server = new HostileServer((socket, out, self) -> self.hang())) {
      long start = System.nanoTime();

      String found = outcome(exchanges(), call(server, new byte[32 * 1024 * 1024]));

      assertThat(found).isEqualTo("timeout: no whole answer within PT0.7S, while sending");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TIMEOUT.plus(GRACE));
    }
  }

  @Test
  void handshakeThatDrips_isGivenUpAtTheDeadline() throws Exception {
    try (var server = new ServerSocket(0, 1, Destination.address("127.0.0.1"))) {
      var call =
          new HttpCall(
              "GET",
              URI.create("https://127.0.0.1:" + server.getLocalPort() + "/"),
              Map.of(),
              new byte[0],
              TIMEOUT);
      var dripping =
          new Thread(
              () -> {
                try (Socket socket = server.accept()) {
                  socket.getOutputStream().write(new byte[] {22, 3, 3, 64, 0}); // a long record
                  while (socket.getInputStream().read() >= 0) {
                    socket.getOutputStream().write(0);
                  }
                } catch (IOException e) {
                  // the client has gone
                }
              });
      dripping.start();
      long start = System.nanoTime();

      String found = outcome(exchanges(), call);

      assertThat(found).isEqualTo("timeout: no whole answer within PT0.7S, while connecting");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TIMEOUT.plus(GRACE));
      dripping.join(10_000);
    }
  }

  private static String outcome(HttpExchanges exchanges, HttpCall call) {
    var answer = new HttpAnswer[1];
    Throwable failure = catchThrowable(() -> answer[0] = exchanges.exchange(call));
    if (failure instanceof HttpFailedException.Timeout) {
      return "timeout: " + failure.getMessage();
    }
    if (failure != null) {
      return String.valueOf(failure.getMessage());
    }
    assertThat(answer[0].body().length).isLessThanOrEqualTo(LIMIT);
    return answer[0].status() + (answer[0].cut() ? ", cut" : "");
  }

  private static void drip(OutputStream out, HostileServer self, byte[] first, String rest)
      throws IOException, InterruptedException {
    out.write(first);
    for (int i = 0; i < rest.length() && self.pause(20); i++) {
      out.write(rest.charAt(i));
      out.flush();
    }
  }

  private static void pour(OutputStream out, HostileServer self, String first, byte[] again)
      throws IOException, InterruptedException {
    out.write(first.getBytes(UTF_8));
    while (self.pause(0)) {
      out.write(again);
    }
  }

  /** 100 MB of zeros. */
  private static byte[] bomb() {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      for (int i = 0; i < 100; i++) {
        gzip.write(new byte[1_000_000]);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static Arguments receiver(
      String what, String outcome, HostileServer.Behaviour behaviour) {
    return Arguments.of(what, outcome, behaviour);
  }

  private static HttpCall call(HostileServer server, byte[] body) {
    return new HttpCall("POST", server.uri(), Map.of(), body, TIMEOUT);
  }

  private static HttpExchanges exchanges() {
    return new HttpExchanges(
        DestinationGuard.standard().withPlainHttp().withNetwork("127.0.0.0/8"),
        (SSLSocketFactory) SSLSocketFactory.getDefault(),
        LIMIT);
  }

  /** Returns the bytes that this thread has allocated. */
  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }
}
