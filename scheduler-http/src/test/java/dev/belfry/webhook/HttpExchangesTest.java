// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One request and its answer: what is sent, what is read, and who is called. */
class HttpExchangesTest {
  /** Newer JDKs name the alert of TLS as well. */
  private static final String NO_ANSWER =
      "no whole answer, while connecting: (\\(certificate_unknown\\) )?";

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final DestinationGuard LOOPBACK =
      DestinationGuard.standard().withPlainHttp().withNetwork("127.0.0.0/8");

  static List<Destination> refused() throws IOException {
    return Destination.table().stream().filter(row -> !row.isAllowed()).toList();
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refusedDestination_isNotDialled(Destination row) {
    var dialler = new RecordingDialler(name -> row.answers());

    assertThatThrownBy(() -> exchanges(dialler).exchange(get(row.uri())))
        .isInstanceOf(DestinationRefusedException.class);
    assertThat(dialler.dialled).isEmpty();
  }

  @Test
  void addressesThatWereChecked_areDialled_andTheNameIsAskedForOnce() {
    List<InetAddress> answer =
        List.of(Destination.address("93.184.216.34"), Destination.address("8.8.8.8"));
    var dialler = new RecordingDialler(name -> answer);

    assertThatThrownBy(
            () -> exchanges(dialler).exchange(get(URI.create("https://hooks.example.com:8443/"))))
        .isInstanceOf(HttpFailedException.Connect.class)
        .hasMessage("could not connect: recorded only");
    assertThat(dialler.asked).containsExactly("hooks.example.com");
    assertThat(dialler.dialled)
        .containsExactly(
            new InetSocketAddress(answer.get(0), 8443), new InetSocketAddress(answer.get(1), 8443));
  }

  @Test
  void nameThatIsRebound_isRefusedAtTheNextCall_andNeverDialled() {
    var calls = new AtomicInteger();
    InetAddress good = Destination.address("93.184.216.34");
    InetAddress bad = Destination.address("127.0.0.1");
    var dialler = new RecordingDialler(name -> List.of(calls.getAndIncrement() == 0 ? good : bad));
    URI url = URI.create("https://rebound.example.com/");

    assertThatThrownBy(() -> exchanges(dialler).exchange(get(url)))
        .isInstanceOf(HttpFailedException.Connect.class);
    assertThatThrownBy(() -> exchanges(dialler).exchange(get(url)))
        .isInstanceOf(DestinationRefusedException.class);

    assertThat(dialler.dialled).containsExactly(new InetSocketAddress(good, 443));
  }

  @Test
  void request_hasOurHeaders_thenThoseGiven() throws Exception {
    try (HostileServer server = HostileServer.saying("HTTP/1.1 200 OK\r\n\r\n")) {
      var call =
          new HttpCall("POST", server.uri(), Map.of("X-One", "1"), "body".getBytes(UTF_8), LONG);

      exchanges().exchange(call);

      assertThat(server.requests)
          .containsExactly(
              "POST /x?y=1 HTTP/1.1\r\nHost: 127.0.0.1:"
                  + server.port()
                  + "\r\nUser-Agent: Belfry/dev\r\nAccept-Encoding: gzip\r\nConnection: close\r\n"
                  + "X-One: 1\r\nContent-Length: 4\r\n\r\n");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Host", "content-length", "Transfer-Encoding", "TE", "Connection", "Expect"})
  void headersThatFrameTheMessage_cannotBeSet(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HeaderRules.check(name, "x"))
        .withMessage("header " + name + " can't be set: it is written here");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nX-Evil: 1", "a\nb", "a\u0000b", "ä"})
  void headerValues_thatBreakTheLine_areRefusedWithoutBeingShown(String value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HeaderRules.check("X-One", value))
        .withMessage(
            "bad value of header X-One: it must be at most 4096 visible ASCII characters, blanks"
                + " and tabs");
  }

  @Test
  void answer_hasStatusHeadersBodyAndTimings() throws Exception {
    HttpAnswer answer =
        answerTo("HTTP/1.1 201 Created\r\nX-A: 1\r\nx-a:2\r\nContent-Length: 5\r\n\r\nhello");

    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.headers()).containsEntry("x-a", List.of("1", "2"));
    assertThat(answer.text()).isEqualTo("hello");
    assertThat(answer.cut()).isFalse();
    HttpTimings timings = answer.timings();
    assertThat(timings.name()).isLessThanOrEqualTo(timings.connect());
    assertThat(timings.connect()).isLessThanOrEqualTo(timings.firstByte());
    assertThat(timings.firstByte()).isLessThanOrEqualTo(timings.total());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\n\r\nhello",
        "HTTP/1.0 200\r\n\r\nhello",
        "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello and more",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nT: 1\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n\r\nhello",
      })
  void body_isReadHoweverItIsFramed(String said) throws Exception {
    assertThat(answerTo(said).text()).isEqualTo("hello");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "220 mail.example.com ESMTP"
            + "|reading the answer: the answer does not begin with a status of HTTP/1.1",
        "HTTP/2 200 OK|reading the answer: the answer does not begin with a status of HTTP/1.1",
        "HTTP/1.1 101 Switching~"
            + "|reading the answer: the answer changes the protocol, which was not asked for",
        "HTTP/1.1 200 OK~no header~"
            + "|reading the answer: the answer has a line that is no header",
        "HTTP/1.1 200 OK~Content-Length: -1~"
            + "|reading the answer: the answer has a content length that is no number",
        "HTTP/1.1 200 OK~Content-Length: 5~Content-Length: 6~"
            + "|reading the answer: the answer has a content length that is no number",
        "HTTP/1.1 200 OK~Transfer-Encoding: gzip~"
            + "|reading the answer: the answer has a transfer encoding other than chunked",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~zz"
            + "|reading the answer: a chunk of the answer has no length",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~1~abc"
            + "|reading the answer: a chunk of the answer is longer than it says",
        "HTTP/1.1 200 OK~Content-Length: 9~~half"
            + "|reading the answer: the connection ended within the body of the answer",
        "HTTP/1.1 200 OK~X: 1"
            + "|reading the answer: the connection ended within the headers of the answer",
        "''|waiting for the answer: the connection ended within the headers of the answer",
        "HTTP/1.1 200 OK~Content-Encoding: gzip~~plain" + "|reading the answer: Not in GZIP format",
      })
  void whatIsNoHttp_fails(String said, String why) {
    String answer = said.isEmpty() ? "" : said.replace("~", "\r\n") + "\r\n";

    assertThatThrownBy(() -> answerTo(why.contains("ended") ? said.replace("~", "\r\n") : answer))
        .isInstanceOf(HttpFailedException.Connect.class)
        .hasMessage("no whole answer, while " + why);
  }

  @Test
  void gzip_isDecoded_andCutAtTheLimit() throws Exception {
    var zipped = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(zipped)) {
      gzip.write("hello".repeat(1000).getBytes(UTF_8));
    }
    try (HostileServer server =
        new HostileServer(
            (socket, out, self) -> {
              out.write("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n".getBytes(UTF_8));
              out.write(zipped.toByteArray());
            })) {
      HttpAnswer answer = new HttpExchanges(LOOPBACK, tls(), 7).exchange(get(server.uri()));

      assertThat(answer.text()).isEqualTo("hellohe");
      assertThat(answer.cut()).isTrue();
    }
  }

  @Test
  void redirect_isAnAnswer_andNotFollowed() throws Exception {
    try (HostileServer server =
        HostileServer.saying("HTTP/1.1 302 Found\r\nLocation: /x?y=1\r\n\r\n")) {
      assertThat(exchanges().exchange(get(server.uri())).status()).isEqualTo(302);
      assertThat(server.requests).hasSize(1);
    }
  }

  @Test
  void answerBeforeTheBodyIsSent_counts() throws Exception {
    try (HostileServer server =
        new HostileServer(
            (socket, out, self) ->
                out.write("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n".getBytes(UTF_8)))) {
      var call = new HttpCall("POST", server.uri(), Map.of(), new byte[0], LONG);

      assertThat(exchanges().exchange(call).status()).isEqualTo(413);
    }
  }

  @Test
  void nobodyListens() throws Exception {
    URI url;
    try (HostileServer server = HostileServer.saying("")) {
      url = server.uri();
    }

    assertThatThrownBy(() -> exchanges().exchange(get(url)))
        .isInstanceOf(HttpFailedException.Connect.class)
        .hasMessage("could not connect: Connection refused");
  }

  @Test
  void certificate_isVerified(@TempDir Path folder) throws Exception {
    SSLContext context = Certificates.of(folder, "ip:127.0.0.1", "-1d");
    try (HostileServer server = secure(context)) {
      assertThat(exchanges(context).exchange(get(server.uri())).text()).isEqualTo("hello");
      assertThatThrownBy(() -> exchanges().exchange(get(server.uri())))
          .isInstanceOf(HttpFailedException.Connect.class)
          .hasMessageMatching(NO_ANSWER + "PKIX path building failed.*");
    }
  }

  @Test
  void certificate_thatHasExpired_isRefused(@TempDir Path folder) throws Exception {
    SSLContext context = Certificates.of(folder, "ip:127.0.0.1", "-2y");
    try (HostileServer server = secure(context)) {
      assertThatThrownBy(() -> exchanges(context).exchange(get(server.uri())))
          .isInstanceOf(HttpFailedException.Connect.class)
          .hasMessageStartingWith("no whole answer, while connecting: ")
          .hasStackTraceContaining("NotAfter");
      assertThat(server.requests).isEmpty();
    }
  }

  @Test
  void certificate_ofAnotherHost_isRefused(@TempDir Path folder) throws Exception {
    SSLContext context = Certificates.of(folder, "dns:other.example.com", "-1d");
    try (HostileServer server = secure(context)) {
      assertThatThrownBy(() -> exchanges(context).exchange(get(server.uri())))
          .isInstanceOf(HttpFailedException.Connect.class)
          .hasMessageMatching(
              NO_ANSWER + "No subject alternative names matching IP address 127\\.0\\.0\\.1 found");
      assertThat(server.requests).isEmpty();
    }
  }

  @Test
  void name_isWhatTheCertificateIsCheckedAgainst(@TempDir Path folder) throws Exception {
    SSLContext context = Certificates.of(folder, "dns:hooks.example.com", "-1d");
    try (HostileServer server = secure(context)) {
      DestinationGuard guard = LOOPBACK.withDialler(loopbackFor("hooks.example.com"));
      var exchanges = new HttpExchanges(guard, context.getSocketFactory(), 1000);
      URI url = URI.create("https://hooks.example.com:" + server.port() + "/");

      assertThat(exchanges.exchange(get(url)).text()).isEqualTo("hello");
    }
  }

  @Test
  void nameServerThatHangs_endsWithTheDeadline() {
    var never = new CountDownLatch(1);
    Dialler hanging =
        new Dialler() {
          @Override
          public List<InetAddress> resolve(String name) {
            try {
              never.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            return List.of();
          }

          @Override
          public void connect(Socket socket, InetSocketAddress address, int timeoutMillis) {
            throw new AssertionError("nothing was resolved");
          }
        };
    var call =
        new HttpCall(
            "GET",
            URI.create("https://hooks.example.com/"),
            Map.of(),
            new byte[0],
            Duration.ofMillis(50));

    assertThatThrownBy(() -> exchanges(hanging).exchange(call))
        .isInstanceOf(HttpFailedException.Timeout.class)
        .hasMessage("no whole answer within PT0.05S, while looking up the name");
  }

  @Test
  void addressThatDoesNotAnswer_endsWithTheDeadline_alsoIfThereAreMore() {
    InetAddress address = Destination.address("93.184.216.34");
    Dialler silent =
        new Dialler() {
          @Override
          public List<InetAddress> resolve(String name) {
            return List.of(address, address, address);
          }

          @Override
          public void connect(Socket socket, InetSocketAddress to, int timeoutMillis)
              throws IOException {
            while (!socket.isClosed()) {
              Thread.onSpinWait();
            }
            throw new IOException("closed");
          }
        };
    var call =
        new HttpCall(
            "GET",
            URI.create("https://hooks.example.com/"),
            Map.of(),
            new byte[0],
            Duration.ofMillis(50));

    assertThatThrownBy(() -> exchanges(silent).exchange(call))
        .isInstanceOf(HttpFailedException.Timeout.class)
        .hasMessage("no whole answer within PT0.05S, while connecting");
  }

  private static Dialler loopbackFor(String known) {
    return new Dialler() {
      @Override
      public List<InetAddress> resolve(String name) {
        return name.equals(known) ? List.of(Destination.address("127.0.0.1")) : List.of();
      }

      @Override
      public void connect(Socket socket, InetSocketAddress address, int timeoutMillis)
          throws IOException {
        socket.connect(address, timeoutMillis);
      }
    };
  }

  private static HostileServer secure(SSLContext context) throws IOException {
    return new HostileServer(
        context.getServerSocketFactory(),
        (socket, out, self) -> out.write("HTTP/1.1 200 OK\r\n\r\nhello".getBytes(UTF_8)));
  }

  private static HttpAnswer answerTo(String said) throws Exception {
    try (HostileServer server = HostileServer.saying(said)) {
      return exchanges().exchange(get(server.uri()));
    }
  }

  private static HttpCall get(URI url) {
    return new HttpCall("GET", url, Map.of(), new byte[0], LONG);
  }

  private static HttpExchanges exchanges() {
    return new HttpExchanges(LOOPBACK, tls(), 64 * 1024);
  }

  private static HttpExchanges exchanges(SSLContext context) {
    return new HttpExchanges(LOOPBACK, context.getSocketFactory(), 64 * 1024);
  }

  private static HttpExchanges exchanges(Dialler dialler) {
    return new HttpExchanges(DestinationGuard.standard().withDialler(dialler), tls(), 64 * 1024);
  }

  private static SSLSocketFactory tls() {
    return (SSLSocketFactory) SSLSocketFactory.getDefault();
  }
}
