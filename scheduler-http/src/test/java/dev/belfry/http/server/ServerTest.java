// SPDX-License-Identifier: Apache-2.0
package dev.belfry.http.server;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.http.Handler;
import dev.belfry.http.Request;
import dev.belfry.http.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The server on real sockets, with clients that are slow, greedy or wrong. */
@Timeout(60)
class ServerTest {
  private static final String HEAD = "GET /health HTTP/1.1\r\nHost: a\r\n";

  private final HttpClient client = HttpClient.newHttpClient();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final BlockingQueue<Request> taken = new ArrayBlockingQueue<>(100);

  @AfterEach
  void end() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', /a%2Fb/../c?x=%20y, '', /a%2Fb/../c, x=%20y",
    "/ops/jobs, /ops/jobs/runs, /ops/jobs, /runs, ''",
    "/ops/jobs, /ops/jobs, /ops/jobs, /, ''",
    "/ops/jobs, /ops/jobs/, /ops/jobs, /, ''",
    "/ops/jobs, /runs, /ops/jobs, /runs, ''", // the proxy took the base off
    "/ops/jobs, /ops/jobsters, /ops/jobs, /ops/jobsters, ''",
  })
  void request_isCarriedAsItWasSent(
      String base, String target, String asBase, String asPath, String asQuery) throws Exception {
    InetSocketAddress server = start(this::echo, base, ServerLimits.standard());

    String answer =
        raw(server)
            .say("POST " + target + " HTTP/1.1\r\nHost: a.example\r\nX-Two: 1\r\nX-Two: 2\r\n")
            .say("Content-Length: 4\r\nConnection: close\r\n\r\nbody")
            .readAll();

    Request request = taken.take();
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.base()).isEqualTo(asBase);
    assertThat(request.path()).isEqualTo(asPath);
    assertThat(request.query()).isEqualTo(asQuery);
    assertThat(request.headers().all("x-two")).containsExactly("1", "2");
    assertThat(request.remote().isLoopbackAddress()).isTrue();
    assertThat(request.secure()).isFalse();
    assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\nbody");
  }

  @Test
  void head_hasNoBody_andTheConnectionStays() throws Exception {
    InetSocketAddress server = start(r -> said("long"), "", ServerLimits.standard());

    String answers =
        raw(server)
            .say("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")
            .say("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            .readAll();

    assertThat(answers.split("HTTP/1.1 200 OK", -1)).hasSize(3);
    assertThat(answers.split("long", -1)).hasSize(2);
  }

  @Test
  void halfOpenConnections_leaveThreadsForOthers() throws Exception {
    InetSocketAddress server = start(r -> said("up"), "", ServerLimits.standard());
    for (int i = 0; i < 50; i++) {
      raw(server).say(i % 2 == 0 ? HEAD : "GE");
    }

    assertThat(get(server, "/health", ofSeconds(3)).body()).isEqualTo("up");
  }

  @Test
  void halfOpenConnections_moreThanThereAreThreads_areCutOffSoon() throws Exception {
    ServerLimits few =
        ServerLimits.standard().withThreads(8, 100, 1).withTimes(ofSeconds(5), ofSeconds(5));
    InetSocketAddress server = start(r -> said("up"), "", few);
    for (int i = 0; i < 24; i++) {
      raw(server).say(HEAD);
    }

    assertThat(get(server, "/health", ofSeconds(5)).body()).isEqualTo("up");
  }

  @ParameterizedTest
  @CsvSource({
    "'GET / HT'",
    "'GET / HTTP/1.1\r\nHost: a\r\n'",
    "'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf'",
  })
  void requestThatDoesNotComeWhole_isCutOff(String half) throws Exception {
    ServerLimits soon = ServerLimits.standard().withTimes(ofMillis(200), ofSeconds(5));
    InetSocketAddress server = start(this::echo, "", soon);

    assertThat(raw(server).say(half).readAll()).isIn("", "(reset)");
    assertThat(taken).isEmpty();
    assertThat(get(server, "/", ofSeconds(5)).statusCode()).isEqualTo(200);
  }

  @Test
  void answerThatIsNotRead_isCutOff() throws Exception {
    ServerLimits soon = ServerLimits.standard().withTimes(ofSeconds(5), ofMillis(200));
    var ended = new CompletableFuture<IOException>();
    InetSocketAddress server =
        start(
            r ->
                Response.streaming(
                    "text/plain",
                    out -> {
                      try {
                        for (int i = 0; i < 100_000; i++) {
                          out.write(new byte[10_000]);
                        }
                      } catch (IOException cut) {
                        ended.complete(cut);
                        throw cut;
                      }
                    }),
            "",
            soon);

    raw(server).say("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

    assertThat(ended.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
  }

  @Test
  void body_isBounded_whetherItSaysItsLengthOrNot() throws Exception {
    InetSocketAddress server = start(this::echo, "", ServerLimits.standard());
    int most = ServerLimits.standard().bodyBytes();

    assertThat(post(server, new byte[most]).statusCode()).isEqualTo(200);
    assertTooLarge(post(server, new byte[most + 1]));
    String chunked =
        raw(server)
            .say("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
            .say(Integer.toHexString(most + 1) + "\r\n" + "x".repeat(most + 1) + "\r\n0\r\n\r\n")
            .readTo("}");
    assertThat(chunked).startsWith("HTTP/1.1 413 ").contains("\"code\":\"too-large\"");
  }

  private static void assertTooLarge(HttpResponse<String> response) {
    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(response.body())
        .contains("\"detail\":\"the body may have 1048576 bytes, has more\"");
  }

  @Test
  void target_isBounded() throws Exception {
    InetSocketAddress server = start(this::echo, "", ServerLimits.standard());

    String answer = raw(server).say(request("/" + "x".repeat(8 * 1024), "")).readAll();

    assertThat(answer)
        .startsWith("HTTP/1.1 414 ")
        .contains("\"detail\":\"path and query may have 8192 characters\"")
        .doesNotContain("xxx");
    assertThat(taken).isEmpty();
  }

  @Test
  void headers_areBounded_inNumberAndSize() throws Exception {
    InetSocketAddress server = start(this::echo, "", ServerLimits.standard());
    var many = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      many.append("X-").append(i).append(": 1\r\n");
    }

    for (String headers :
        List.of(many, "X-Big: " + "x".repeat(33_000) + "\r\n").stream()
            .map(CharSequence::toString)
            .toList()) {
      assertThat(raw(server).say(request("/", headers)).readAll())
          .startsWith("HTTP/1.1 431 ")
          .contains("\"detail\":\"a request may have 100 header fields of 32768 characters\"");
    }
    assertThat(taken).isEmpty();
  }

  @Test
  void streams_comeAsTheyAreWritten_andAreBounded() throws Exception {
    ServerLimits two = ServerLimits.standard().withThreads(16, 16, 2);
    var more = new CountDownLatch(1);
    InetSocketAddress server =
        start(
            r ->
                Response.streaming(
                    "text/event-stream",
                    out -> {
                      out.write("first".getBytes(StandardCharsets.US_ASCII));
                      out.flush();
                      await(more);
                      out.write("second".getBytes(StandardCharsets.US_ASCII));
                    }),
            "",
            two);
    RawClient one = raw(server).say(request("/", ""));
    RawClient other = raw(server).say(request("/", ""));
    assertThat(one.readTo("first")).contains("text/event-stream");
    assertThat(other.readTo("first")).contains("200 OK");

    HttpResponse<String> third = get(server, "/", ofSeconds(10));
    assertThat(third.statusCode()).isEqualTo(503);
    assertThat(third.headers().firstValue("retry-after")).contains("10");
    assertThat(third.body()).contains("\"detail\":\"there are 2 streaming answers already\"");

    more.countDown();
    assertThat(one.readAll()).contains("second");
    assertThat(other.readAll()).contains("second");
    assertThat(get(server, "/", ofSeconds(10)).body()).isEqualTo("firstsecond");
  }

  @Test
  void close_endsStreamsAndHalfRequestsAtOnce_andLetsOthersEnd() throws Exception {
    var inside = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    Server server =
        server(
            r -> {
              if (r.path().equals("/live")) {
                return Response.streaming(
                    "text/event-stream",
                    out -> {
                      out.write("first".getBytes(StandardCharsets.US_ASCII));
                      out.flush();
                      await(new CountDownLatch(1));
                    });
              }
              inside.countDown();
              await(go);
              return said("done");
            },
            "",
            ServerLimits.standard());
    RawClient live = raw(server.address()).say(request("/live", ""));
    live.readTo("first");
    RawClient half = raw(server.address()).say(HEAD);
    RawClient working = raw(server.address()).say(request("/", ""));
    inside.await();

    CompletableFuture<Void> closed = CompletableFuture.runAsync(server::close);

    assertThat(half.readAll()).isIn("", "(reset)");
    assertThat(live.readAll()).doesNotContain("HTTP");
    go.countDown();
    assertThat(working.readAll()).endsWith("done");
    closed.get(10, TimeUnit.SECONDS);
    assertThat(threads()).isEmpty();
  }

  @Test
  void handlerThatThrows_isAnswered500_withoutThePage() throws Exception {
    InetSocketAddress server =
        start(
            r -> {
              throw new IllegalStateException("secret");
            },
            "",
            ServerLimits.standard());

    assertThat(get(server, "/", ofSeconds(10)).body())
        .contains("\"detail\":\"this failed here; the log says why\"")
        .doesNotContain("secret");
  }

  @Test
  void headerThatWouldSplitTheAnswer_isNotSent() throws Exception {
    InetSocketAddress server =
        start(r -> said("x").with("x-a", "b\r\nx-evil: 1"), "", ServerLimits.standard());

    assertThat(raw(server).say(request("/", "")).readAll()).doesNotContain("x-evil: 1\r\n");
  }

  private Response echo(Request request) {
    taken.add(request);
    try {
      return Response.of(200, "text/plain", request.body().readAllBytes());
    } catch (IOException never) {
      throw new AssertionError(never);
    }
  }

  private static Response said(String text) {
    return Response.of(200, "text/plain", text);
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(30, TimeUnit.SECONDS)) {
        throw new AssertionError("not in time");
      }
    } catch (InterruptedException broken) {
      Thread.currentThread().interrupt();
    }
  }

  /** Threads of servers that go on, a moment after the last one was closed. */
  private static List<String> threads() throws InterruptedException {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("belfry-server")) {
        thread.join(5_000);
      }
    }
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("belfry-server"))
        .toList();
  }

  private static String request(String target, String headers) {
    return "GET " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + headers + "\r\n";
  }

  private InetSocketAddress start(Handler handler, String base, ServerLimits limits)
      throws IOException {
    return server(handler, base, limits).address();
  }

  private Server server(Handler handler, String base, ServerLimits limits) throws IOException {
    Server server =
        Server.start(
            handler, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), base, limits);
    open.add(server);
    return server;
  }

  private RawClient raw(InetSocketAddress server) throws IOException {
    var socket = new RawClient(server);
    open.add(0, socket);
    return socket;
  }

  private HttpResponse<String> get(InetSocketAddress server, String path, Duration timeout)
      throws Exception {
    return client.send(
        HttpRequest.newBuilder(uri(server, path)).timeout(timeout).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> post(InetSocketAddress server, byte[] body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(uri(server, "/"))
            .timeout(ofSeconds(20))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static URI uri(InetSocketAddress server, String path) {
    return URI.create("http://127.0.0.1:" + server.getPort() + path);
  }
}
