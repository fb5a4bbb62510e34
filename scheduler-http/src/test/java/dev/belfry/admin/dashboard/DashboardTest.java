// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.http.Headers;
import dev.belfry.http.Principal;
import dev.belfry.http.Request;
import dev.belfry.http.Response;
import dev.belfry.http.Scope;
import dev.belfry.http.routing.Route;
import dev.belfry.http.routing.Router;
import dev.belfry.run.RunQuery;
import dev.belfry.run.Status;
import dev.belfry.run.Target;
import java.io.InputStream;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** All pages, as they are written; a browser sees them in {@link DashboardBrowserTest}. */
class DashboardTest {
  private static World world;

  @BeforeAll
  static void begin() {
    world = Sample.world();
  }

  @AfterAll
  static void end() {
    world.close();
  }

  @Test
  void everyLink_leadsToAPage() {
    Map<String, Response> pages = Crawl.all(world.router(), "/a/b");

    assertThat(pages)
        .hasSizeGreaterThan(150)
        .allSatisfy((address, page) -> assertThat(page.status()).as(address).isEqualTo(200));
  }

  @Test
  void everyForm_leadsToARoute() {
    List<Route> routes = world.dashboard().routes();

    assertThat(Crawl.all(world.router(), ""))
        .allSatisfy(
            (address, page) ->
                assertThat(all(page, "<form[^>]*method=\"post\"[^>]*action=\"([^\"]*)\""))
                    .as(address)
                    .allMatch(action -> routes.stream().anyMatch(route -> takes(route, action))));
  }

  private static boolean takes(Route route, String action) {
    String pattern = route.path().replaceAll("\\{[a-z]+}", "[^/]+");
    return route.isUnsafe() && action.replaceAll("\\?.*", "").matches(pattern);
  }

  @Test
  void noPage_hasScriptsOrStylesOfItsOwn() {
    assertThat(Crawl.all(world.router(), "").values())
        .filteredOn(Crawl::isPage)
        .allSatisfy(
            page -> {
              assertThat(all(page, "(<script(?! src=\"/assets/)[^>]*>)")).isEmpty();
              assertThat(all(page, "(<style|<[^>]+ style=|<[^>]+ on[a-z]+=)")).isEmpty();
              assertThat(all(page, "<[^>]+ (?:href|src|action)=\"([^/#][^\"]*)\"")).isEmpty();
            });
  }

  @Test
  void everyField_hasALabel() {
    assertThat(Crawl.all(world.router(), ""))
        .allSatisfy(
            (address, page) ->
                assertThat(all(page, "(<(?:input|select|textarea)[^>]*>)"))
                    .as(address)
                    .filteredOn(field -> !field.contains("type=\"hidden\""))
                    .allMatch(field -> isLabelled(page, field)));
  }

  private static boolean isLabelled(Response page, String field) {
    Matcher id = Pattern.compile(" id=\"([^\"]*)\"").matcher(field);
    return field.contains(" aria-label=\"")
        || (id.find() && World.text(page).contains("<label for=\"" + id.group(1) + "\""));
  }

  @Test
  void everyId_isUsedOnce() {
    assertThat(Crawl.all(world.router(), ""))
        .allSatisfy(
            (address, page) ->
                assertThat(all(page, "<[^>]* id=\"([^\"]*)\""))
                    .as(address)
                    .doesNotHaveDuplicates());
  }

  @Test
  void whoMayOnlyRead_seesNothingToPress() {
    Router router = world.router(Principal.of("eve", Scope.READ));

    assertThat(Crawl.all(router, ""))
        .hasSizeGreaterThan(100)
        .allSatisfy(
            (address, page) -> {
              assertThat(page.status()).as(address).isEqualTo(200);
              assertThat(all(page, "(<form[^>]*method=\"post\")")).as(address).isEmpty();
            });
  }

  @Test
  void readOnlyDashboard_hasNothingToPress() {
    Router router =
        Router.of(world.dashboard().readOnly(true).routes(), request -> Optional.of(World.ADA));

    assertThat(Crawl.all(router, "").values())
        .allSatisfy(page -> assertThat(all(page, "(<form[^>]*method=\"post\")")).isEmpty());
  }

  @Test
  void whatIsSecret_isNotInAnyPage() {
    assertThat(Crawl.all(world.router(), "").values())
        .allSatisfy(page -> assertThat(all(page, "(sk_live|t-19ab)")).isEmpty());
  }

  @Test
  void run_thatIsNotThere_isAPageThatSaysSo() {
    Response page = World.get(world.router(), "", "/runs/019caec0-1998-7001-b360-000000000000");

    assertThat(page.status()).isEqualTo(404);
    assertThat(World.text(page)).contains("There is no such run");
  }

  @Test
  void wrongFilter_isAPageThatSaysSo() {
    Response page = World.get(world.router(), "", "/runs?state=<img+onerror>");

    assertThat(page.status()).isEqualTo(422);
    assertThat(World.text(page)).contains("was &quot;&lt;img onerror&gt;&quot;");
  }

  @Test
  void filter_standsInEachLinkOfTheList() {
    String page =
        World.text(World.get(world.router(), "", "/runs?job=sync-inventory&state=COMPLETED"));

    assertThat(page)
        .contains("href=\"/runs?state=COMPLETED&amp;job=sync-inventory&amp;after=")
        .contains("name=\"back\" value=\"/runs?job=sync-inventory&amp;state=COMPLETED\"");
  }

  @Test
  void pages_showEachRunOnce() {
    Pattern next = Pattern.compile("href=\"(/runs\\?[^\"]*after=[^\"]*)\"");
    String address = "/runs?job=sync-inventory";
    var seen = new java.util.ArrayList<String>();
    while (!address.isEmpty()) {
      Response page = World.get(world.router(), "", address);
      seen.addAll(all(page, "name=\"id\" value=\"([^\"]*)\""));
      Matcher link = next.matcher(World.text(page));
      address = link.find() ? link.group(1).replace("&amp;", "&") : "";
    }

    assertThat(seen)
        .doesNotHaveDuplicates()
        .hasSize(
            world
                .operations()
                .runs()
                .list(World.ADA, RunQuery.ofJob("sync-inventory").limit(1_000))
                .items()
                .size());
  }

  @Test
  void cancelOfAllThatMatch_asksWithTheirNumber() {
    Response page =
        World.post(world.router(), "/runs/ask", "act=cancel-all&back=%2Fruns%3Fstate%3DBLOCKED");

    assertThat(World.text(page))
        .contains("<h1>Cancel 1 run?</h1>")
        .contains("name=\"expected\" value=\"1\"");
  }

  @Test
  void cancel_whenOtherRunsMatchByNow_doesNothing() {
    Response page =
        World.post(world.router(), "/runs/cancel", "filter=%2Fruns%3Fstate%3DBLOCKED&expected=7");

    assertThat(page.status()).isEqualTo(409);
    assertThat(World.text(page)).contains("1 runs match, 7 were expected; nothing was done");
  }

  @Test
  void action_goesBackToTheFilteredListAndSaysWhatWasDone() {
    try (World own = Sample.world()) {
      String failed =
          own.operations()
              .runs()
              .list(World.ADA, RunQuery.all().in(Status.FAILED))
              .items()
              .get(0)
              .id()
              .toString();

      Response done =
          World.post(
              own.router(), "/runs/retry", "id=" + failed + "&back=%2Fruns%3Fstate%3DFAILED");

      assertThat(done.status()).isEqualTo(303);
      assertThat(done.headers().one("location")).contains("/runs?state=FAILED&done=retry");
      assertThat(World.text(World.get(own.router(), "", "/runs?state=FAILED&done=retry")))
          .contains("One run starts again.");
    }
  }

  @Test
  void pauseAndResume_ofAJob() {
    try (World own = Sample.world()) {
      World.post(own.router(), "/jobs/onboarding/pause", "back=%2Fjobs");
      assertThat(own.operations().paused(World.ADA)).contains(Target.job("onboarding"));

      World.post(own.router(), "/jobs/onboarding/resume", "");
      assertThat(own.operations().paused(World.ADA)).doesNotContain(Target.job("onboarding"));
    }
  }

  @Test
  void back_neverLeadsElsewhere() {
    try (World own = Sample.world()) {
      Response done =
          World.post(own.router(), "/jobs/onboarding/pause", "back=%2F%2Fother.example%2Fjobs");

      assertThat(done.headers().one("location")).contains("/jobs/onboarding?done=paused");
    }
  }

  @Test
  void flash_isACodeAndNeverWords() {
    assertThat(World.text(World.get(world.router(), "", "/jobs?done=You+are+hacked&n=1")))
        .doesNotContain("hacked");
  }

  @Test
  void wrongInput_isToldAboveTheFormWithWhatWasFilledIn() {
    Response page =
        World.post(
            world.router(),
            "/jobs/send-invoice/enqueue",
            "input=%7B%22number%22%3A7%7D&back=%2Fjobs");

    assertThat(page.status()).isEqualTo(422);
    assertThat(World.text(page))
        .contains("role=\"alert\"")
        .contains("{&quot;number&quot;:7}</textarea>");
  }

  @Test
  void preview_ofASchedule_saysWhenItWouldFire() {
    Response page =
        World.post(
            world.router(),
            "/schedules/nightly-report/edit",
            "act=preview&definition=30+2+*+*+*&zone=Europe%2FBerlin");

    assertThat(page.status()).isEqualTo(200);
    assertThat(World.text(page))
        .contains("It would fire at 02:30 Europe/Berlin every day")
        .contains("When the clock changes: 02:30 is left out on 2026-03-29 in Europe/Berlin");
  }

  @Test
  void wrongSchedule_isToldAndNotSaved() {
    Response page =
        World.post(
            world.router(),
            "/schedules/nightly-report/edit",
            "act=save&definition=0+0+30+2+*&zone=Europe%2FMoon");

    assertThat(page.status()).isEqualTo(422);
    assertThat(World.text(page)).contains("role=\"alert\"").contains("Europe/Moon");
  }

  @Test
  void schedule_isMadeChangedAndDeleted() {
    try (World own = Sample.world()) {
      Router router = own.router();
      assertThat(
              World.post(
                      router,
                      "/new-schedule",
                      "act=save&id=extra&job=purge-sessions&definition=every+PT15M")
                  .headers()
                  .one("location"))
          .contains("/schedules/extra?done=created");
      assertThat(
              World.post(router, "/schedules/extra/edit", "act=save&definition=every+PT20M")
                  .headers()
                  .one("location"))
          .contains("/schedules/extra?done=changed");
      assertThat(World.text(World.get(router, "", "/schedules/extra")))
          .contains("every 20 minutes");
      assertThat(World.post(router, "/schedules/extra/delete", "").headers().one("location"))
          .contains("/schedules?done=deleted");
      assertThat(World.get(router, "", "/schedules/extra").status()).isEqualTo(404);
    }
  }

  @Test
  void asset_isKeptForGoodAndNotSentAgain() {
    String address = Assets.ALL.link("belfry.css").toString();
    Response first = World.get(world.router(), "", address);

    assertThat(first.headers().one("cache-control"))
        .contains("public, max-age=31536000, immutable");
    Request again =
        new Request(
            "GET",
            "",
            address,
            "",
            Headers.none().with("if-none-match", first.headers().one("etag").orElseThrow()),
            InputStream.nullInputStream(),
            InetAddress.getLoopbackAddress(),
            false);
    assertThat(world.router().handle(again).status()).isEqualTo(304);
    assertThat(World.get(world.router(), "", "/assets/0-belfry.css").status()).isEqualTo(404);
  }

  @Test
  void assets_areSmall() {
    assertThat(Assets.ALL.size()).isLessThanOrEqualTo(60 * 1024);
  }

  @Test
  void live_tellsNumbersOnly() {
    String newest =
        world
            .operations()
            .runs()
            .list(World.ADA, RunQuery.all().limit(3))
            .items()
            .get(2)
            .id()
            .toString();

    assertThat(World.text(World.get(world.router(), "", "/live?since=" + newest)))
        .matches(
            "\\{\"now\":\"[^\"]+\",\"attention\":\"\\d+\",\"SCHEDULED\":\"\\d+\","
                + "\"WAITING\":\"\\d+\",\"BLOCKED\":\"1\",\"RUNNING\":\"1\",\"new\":\"2\"}");
  }

  private static List<String> all(Response page, String pattern) {
    return Crawl.isPage(page)
        ? Pattern.compile(pattern).matcher(World.text(page)).results().map(r -> r.group(1)).toList()
        : List.of();
  }
}
