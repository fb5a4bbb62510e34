// SPDX-License-Identifier: Apache-2.0
package dev.belfry.http.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.http.Principal;
import dev.belfry.http.Request;
import dev.belfry.http.Response;
import dev.belfry.http.Scope;
import dev.belfry.store.StoreException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouterTest {
  private static final Principal READER = Principal.of("emma", Scope.READ);

  private final Router router =
      router(
          Route.get("/", call -> said("root")),
          Route.get("/runs/{id}", call -> said("run " + call.part("id"))),
          Route.get("/runs/newest", call -> said("newest")),
          Route.get("/runs/{id}/log", call -> said("log of " + call.part("id"))),
          Route.post("/runs/cancel", Scope.OPERATE, call -> said("cancelled")),
          Route.get("/search", call -> said(call.query().toString())));

  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      value = {
        "/ > root",
        "/runs/7 > run 7",
        "/runs/newest > newest",
        "/runs/cancel > run cancel",
        "/runs/a%2Fb > run a/b",
        "/runs/a+b%20c > run a+b c",
        "/runs/%E2%82%AC > run €",
        "/runs/.. > run ..",
        "/runs/%2e%2e/log > log of ..",
        "/runs/..%2F..%2Fsecret > run ../../secret",
        "/search?a=1&b=x%26y&a=2&c > {a=[1, 2], b=[x&y], c=[]}",
      })
  void get_findsTheRoute(String path, String text) {
    Response response = router.handle(Requests.of("GET", path));

    assertThat(response.status()).isEqualTo(200);
    assertThat(Requests.text(response)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/nothing",
        "/runs",
        "/runs/",
        "/runs/7/",
        "//runs/7",
        "/runs//log",
        "/RUNS/7",
        "/../runs/7",
        "/runs/7/../8",
        "/search/..",
        "/%2Fruns/7"
      })
  void get_ofNoRoute_is404_withoutThePath(String path) {
    Response response = router.handle(Requests.of("GET", path));

    assertThat(response.status()).isEqualTo(404);
    assertThat(response.headers().one("content-type")).contains("application/problem+json");
    assertThat(response.headers().one("cache-control")).contains("no-store");
    assertThat(Requests.text(response))
        .isEqualTo(
            "{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,"
                + "\"detail\":\"there is no such path\",\"code\":\"not-found\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      value = {
        "/runs/%zz > a percent sign must be followed by two digits in hex",
        "/runs/% > a percent sign must be followed by two digits in hex",
        "/runs/%00 > a path must not have control characters",
        "/runs/a%0Ab > a path must not have control characters",
        "/search?a=%x > a percent sign must be followed by two digits in hex",
        "/search?a=%00 > a parameter must not have the character U+0000",
      })
  void get_ofABrokenPath_is400(String path, String detail) {
    Response response = router.handle(Requests.of("GET", path));

    assertThat(response.status()).isEqualTo(400);
    assertThat(Requests.text(response)).contains("\"detail\":\"" + detail + "\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      value = {
        "DELETE > /runs/7 > GET, HEAD, OPTIONS",
        "GE > /runs/7 > GET, HEAD, OPTIONS",
        "DELETE > /runs/cancel > GET, HEAD, OPTIONS, POST",
      })
  void otherMethod_is405_withThoseThatThereAre(String method, String path, String allowed) {
    Response response = router.handle(Requests.of(method, path));

    assertThat(response.status()).isEqualTo(405);
    assertThat(response.headers().one("allow")).contains(allowed);
    assertThat(Requests.text(response))
        .contains("\"detail\":\"this path takes " + allowed + "\",\"code\":\"method\"");
  }

  @Test
  void options_tellTheMethods() {
    Response response = router.handle(Requests.of("OPTIONS", "/runs/cancel"));

    assertThat(response.status()).isEqualTo(204);
    assertThat(response.headers().one("allow")).contains("GET, HEAD, OPTIONS, POST");
  }

  @ParameterizedTest
  @CsvSource({"/runs/7, 200, text/plain", "/nothing, 404, application/problem+json"})
  void head_isGet_withoutTheBody(String path, int status, String type) {
    Response response = router.handle(Requests.of("HEAD", path));

    assertThat(response.status()).isEqualTo(status);
    assertThat(response.headers().one("content-type")).contains(type);
    assertThat(Requests.text(response)).isEmpty();
  }

  @Test
  void head_ofAStream_writesNothing() {
    Router streams =
        router(
            Route.get(
                "/live",
                call ->
                    Response.streaming(
                        "text/event-stream",
                        out -> {
                          throw new AssertionError("written to");
                        })));

    assertThat(Requests.text(streams.handle(Requests.of("HEAD", "/live")))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/runs/7", "/nothing", "/runs/%zz"})
  void nobodyKnown_learnsNothing(String path) {
    Router closed =
        Router.of(List.of(Route.get("/runs/{id}", call -> said(""))), r -> Optional.empty());

    Response response = closed.handle(Requests.of("GET", path));

    assertThat(response.status()).isEqualTo(401);
    assertThat(response.headers().one("www-authenticate")).contains("Bearer");
    assertThat(Requests.text(response))
        .isEqualTo(
            "{\"type\":\"about:blank\",\"title\":\"Unauthorized\",\"status\":401,"
                + "\"detail\":\"say who you are: by a bearer token, or log in\","
                + "\"code\":\"unauthenticated\"}");
  }

  @Test
  void scopeTooSmall_is403() {
    Response response = router.handle(Requests.of("POST", "/runs/cancel"));

    assertThat(response.status()).isEqualTo(403);
    assertThat(Requests.text(response))
        .contains(
            "\"detail\":\"this takes the scope OPERATE, and emma has READ\",\"code\":\"scope\"");
  }

  @Test
  void problem_becomesTheAnswer_withItsPlaces() {
    Response response =
        answerOf(Problem.invalid("/at", "must be an instant, as in 2026-01-01T00:00:00Z"));

    assertThat(response.status()).isEqualTo(422);
    assertThat(Requests.text(response))
        .isEqualTo(
            "{\"type\":\"about:blank\",\"title\":\"Unprocessable Content\",\"status\":422,"
                + "\"detail\":\"must be an instant, as in 2026-01-01T00:00:00Z\","
                + "\"code\":\"invalid\",\"errors\":[{\"pointer\":\"/at\","
                + "\"detail\":\"must be an instant, as in 2026-01-01T00:00:00Z\"}]}");
  }

  @ParameterizedTest
  @EnumSource(
      value = StoreException.Kind.class,
      names = {"RETRY", "UNAVAILABLE", "UNKNOWN"})
  void storeThatIsAway_is503_withATimeToTryAgain(StoreException.Kind kind) {
    Response response = answerOf(new StoreException(kind, "secret host is down", null));

    assertThat(response.status()).isEqualTo(503);
    assertThat(response.headers().one("retry-after")).contains("2");
    assertThat(Requests.text(response))
        .contains("\"code\":\"store-unavailable\"")
        .doesNotContain("secret");
  }

  @Test
  void anythingElse_is500_withAnIdAndNotTheCause() {
    assertFailure(answerOf(new IllegalStateException("secret")));
    assertFailure(answerOf(new StackOverflowError("secret")));
    assertFailure(answerOf(new StoreException(StoreException.Kind.PERMANENT, "secret", null)));
  }

  private static void assertFailure(Response response) {
    assertThat(response.status()).isEqualTo(500);
    assertThat(Requests.text(response))
        .matches(
            ".*\"detail\":\"this failed here; the log says why, under the id [0-9a-f]{8}\","
                + "\"code\":\"failed\"}");
  }

  @Test
  void routesThatCantBeToldApart_areRefused() {
    assertThatThrownBy(
            () ->
                router(
                    Route.get("/a/{id}", call -> said("")),
                    Route.get("/a/{name}", call -> said(""))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there are two routes GET /a/{name}");
    assertThatThrownBy(() -> router(Route.get("/a/{id}/{id}", call -> said(""))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("path \"/a/{id}/{id}\" has the name {id} twice");
    assertThatThrownBy(() -> router(Route.get("a", call -> said(""))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("path of a route must begin with a slash, was \"a\"");
  }

  private static Response answerOf(Throwable thrown) {
    Router failing =
        router(
            Route.get(
                "/",
                call -> {
                  RouterTest.<RuntimeException>rethrow(thrown);
                  return said("");
                }));
    return failing.handle(Requests.of("GET", "/"));
  }

  @SuppressWarnings("unchecked") // so that an error can be thrown from where none is declared
  private static <T extends Throwable> void rethrow(Throwable thrown) throws T {
    throw (T) thrown;
  }

  private static Router router(Route... routes) {
    return Router.of(List.of(routes), (Request request) -> Optional.of(READER));
  }

  private static Response said(String text) {
    return Response.of(200, "text/plain", text);
  }
}
