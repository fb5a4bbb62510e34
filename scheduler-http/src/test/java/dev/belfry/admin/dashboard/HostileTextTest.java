// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.http.Principal;
import dev.belfry.http.Response;
import dev.belfry.http.Scope;
import dev.belfry.http.routing.Router;
import dev.belfry.retry.RetryPolicy;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Markup in every text that others give stays text on every page. */
class HostileTextTest {
  private static final String BAD = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>";
  private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

  record Evil(String field) {}

  @Test
  void markup_staysText_onEveryPage() {
    EventType<Evil> event = EventType.of("evil/sent", Evil.class);
    Job<Evil> job =
        Job.named("evil", Evil.class)
            .title(BAD)
            .description(BAD)
            .onEvent(event)
            .retry(RetryPolicy.none())
            .handler(
                (ctx, evil) -> {
                  ctx.log(BAD);
                  ctx.note("note", BAD);
                  ctx.step(BAD, String.class, () -> BAD);
                  throw new IllegalStateException(BAD);
                });
    try (World world = new World(NOON, job)) {
      Principal mallory = Principal.of("<img onerror=x>", Scope.ADMIN);
      Router router = world.router(mallory);
      world.time.send(event, new Evil(BAD));
      world.time.runDue();
      var waiting = world.time.enqueue(job, new Evil(BAD));
      world.operations().runs().cancel(mallory, waiting.id(), BAD);
      world.time.runDue();

      var pages = Crawl.all(router, "");

      assertThat(pages).hasSizeGreaterThan(15);
      assertThat(pages.values()).filteredOn(Crawl::isPage).allSatisfy(HostileTextTest::isHarmless);
      String run = World.text(World.get(router, "", runWith(world)));
      assertThat(Pattern.compile("&lt;img src=x onerror").matcher(run).results().count())
          .isGreaterThan(5);
    }
  }

  private static String runWith(World world) {
    return "/runs/"
        + world
            .operations()
            .runs()
            .list(World.ADA, dev.belfry.run.RunQuery.all().in(dev.belfry.run.Status.FAILED))
            .items()
            .get(0)
            .id();
  }

  @Test
  void markup_inParametersAndForms_staysText() {
    try (World world = Sample.world()) {
      String bad = URLEncoder.encode(BAD, StandardCharsets.UTF_8);
      for (String address :
          java.util.List.of(
              "/runs?job="
                  + bad
                  + "&tag="
                  + bad
                  + "&text="
                  + bad
                  + "&schedule="
                  + bad
                  + "&key="
                  + bad,
              "/runs?from=" + bad,
              "/runs?after=" + bad,
              "/runs/" + bad.replace("+", "%20"),
              "/jobs?q=" + bad,
              "/jobs/" + bad.replace("+", "%20"),
              "/schedules/" + bad.replace("+", "%20"),
              "/schedules?after=" + bad,
              "/audit?after=" + bad,
              "/?span=" + bad)) {
        isHarmless(World.get(world.router(), "", address));
      }
      String form =
          "id=" + bad + "&job=" + bad + "&definition=" + bad + "&zone=" + bad + "&back=" + bad;
      isHarmless(World.post(world.router(), "/new-schedule", form + "&tags=" + bad));
      isHarmless(World.post(world.router(), "/schedules/nightly-report/edit", form));
      isHarmless(
          World.post(world.router(), "/events", "type=" + bad + "&data=" + bad + "&id=" + bad));
      isHarmless(
          World.post(world.router(), "/jobs/send-invoice/enqueue", "input=" + bad + "&due=" + bad));
      isHarmless(World.post(world.router(), "/alerts/silence", "for=" + bad));
      isHarmless(World.post(world.router(), "/runs/cancel", "id=" + bad));
    }
  }

  private static void isHarmless(Response page) {
    String text = World.text(page);
    assertThat(page.status()).isLessThan(500);
    assertThat(text).doesNotContain("<script>").doesNotContain("<img");
    assertThat(Pattern.compile("<[^>]* on[a-z]+=").matcher(text).find()).isFalse();
  }
}
