// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belfry.run.RunQuery;
import dev.belfry.run.Status;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pages in a browser: they obey the policy, can be read by all, and fit phones. */
class DashboardBrowserTest {
  private static final String AXE = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";
  private static final String FAULTS =
      "axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map(v => v.id + ': '"
          + " + v.nodes.map(n => n.html + ' ' + n.failureSummary).join(' | ')))";

  private static Chromium browser;
  private static SampleServer root;
  private static SampleServer below;
  private static Map<String, String> pages;

  @BeforeAll
  static void begin() {
    Optional<Path> program = Chromium.installed();
    assumeTrue(program.isPresent(), "no Chromium on the PATH");
    World world = Sample.world();
    pages = pages(world);
    root = SampleServer.start(world, "", 0);
    below = SampleServer.start(Sample.world(), "/a/b", 0);
    browser = Chromium.start(program.get());
  }

  @AfterAll
  static void end() {
    for (AutoCloseable each : new AutoCloseable[] {browser, root, below}) {
      try {
        if (each != null) {
          each.close();
        }
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Returns one page of each kind, by the name of its picture. */
  private static Map<String, String> pages(World world) {
    var pages = new LinkedHashMap<String, String>();
    pages.put("overview", "/?span=day");
    pages.put("runs", "/runs");
    pages.put("runs-failed", "/runs?state=FAILED&state=TIMED_OUT");
    pages.put("runs-none", "/runs?tag=nobody");
    pages.put("run", run(world, RunQuery.ofJob("fulfil-order").in(Status.COMPLETED)));
    pages.put("run-failed", run(world, RunQuery.ofJob("send-invoice").in(Status.FAILED)));
    pages.put("run-waiting", run(world, RunQuery.ofJob("onboarding")));
    String running = run(world, RunQuery.all().in(Status.RUNNING));
    pages.put("run-running", running);
    pages.put("cancel", running + "/cancel");
    pages.put("jobs", "/jobs");
    pages.put("jobs-cards", "/jobs?as=cards");
    pages.put("job", "/jobs/send-invoice");
    pages.put("schedules", "/schedules");
    pages.put("schedule", "/schedules/sync-inventory");
    pages.put("schedule-edit", "/schedules/sync-inventory/edit");
    pages.put("schedule-delete", "/schedules/sync-inventory/delete");
    pages.put("schedule-new", "/new-schedule");
    pages.put("events", "/events");
    pages.put("queues", "/queues");
    pages.put("pause", "/pause");
    pages.put("nodes", "/nodes");
    pages.put("alerts", "/alerts");
    pages.put("audit", "/audit");
    pages.put("about", "/about");
    pages.put("login", "/login");
    pages.put("not-found", "/schedules/nothing");
    pages.put("done", "/runs?done=retry&n=3");
    return pages;
  }

  private static String run(World world, RunQuery query) {
    return "/runs/" + world.operations().runs().list(World.ADA, query).items().get(0).id();
  }

  @ParameterizedTest
  @CsvSource({"1280, light", "1280, dark", "390, light", "390, dark"})
  void page_keepsToThePolicyAndFitsTheWindow(int width, String theme) {
    var faults = new ArrayList<String>();
    browser.show(width, 844, theme);
    for (String address : pages.values()) {
      browser.open(root.origin() + address);
      faults.addAll(complaints(root.origin(), address));
      long over =
          browser
              .evaluate(
                  "document.documentElement.scrollWidth - document.documentElement.clientWidth")
              .asLong();
      if (over > 0) {
        faults.add(address + " is " + over + " px too wide");
      }
    }

    assertThat(faults).isEmpty();
  }

  @Test
  void page_worksUnderABasePath() {
    var faults = new ArrayList<String>();
    browser.show(1280, 844, "light");
    for (String address : pages.values()) {
      if (!address.startsWith("/runs/")) {
        browser.open(below.origin() + "/a/b" + address);
        faults.addAll(complaints(below.origin() + "/a/b/", address));
      }
    }

    assertThat(faults).isEmpty();
  }

  private static List<String> complaints(String origin, String address) {
    return browser.complaints(origin).stream()
        .filter(complaint -> !(address.contains("nothing") && complaint.contains("404")))
        .map(complaint -> address + ": " + complaint)
        .toList();
  }

  @ParameterizedTest
  @CsvSource({"1280, light", "1280, dark", "390, light", "390, dark"})
  void page_hasNothingThatKeepsPeopleOut(int width, String theme) throws IOException {
    var faults = new ArrayList<String>();
    browser.show(width, 844, theme);
    String axe = axe();
    for (String address : pages.values()) {
      browser.open(root.origin() + address);
      browser.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)");
      browser.evaluate(axe + ";1");
      for (JsonNode fault : browser.evaluate(FAULTS)) {
        faults.add(address + " " + fault.asText());
      }
    }

    assertThat(faults).isEmpty();
  }

  private static String axe() throws IOException {
    try (InputStream in = DashboardBrowserTest.class.getResourceAsStream(AXE)) {
      return new String(
          java.util.Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void keyboard_reachesSkipLinkAndSearch() {
    browser.show(1280, 844, "light");
    browser.open(root.origin() + "/runs");

    browser.press("Tab", "Tab", 9);
    String first = browser.evaluate("document.activeElement.textContent").asText();
    browser.evaluate("document.activeElement.blur()");
    browser.press("/", "Slash", 191);

    assertThat(first).isEqualTo("Skip to content");
    assertThat(browser.evaluate("document.activeElement.name").asText()).isEqualTo("text");
  }

  @Test
  void theme_isRemembered() {
    browser.show(1280, 844, "light");
    browser.open(root.origin() + "/about");
    browser.evaluate("document.querySelector('.rail [data-theme=dark]').click()");

    browser.open(root.origin() + "/runs");

    assertThat(browser.evaluate("document.documentElement.dataset.theme").asText())
        .isEqualTo("dark");
    assertThat(browser.evaluate("getComputedStyle(document.body).backgroundColor").asText())
        .isEqualTo("rgb(18, 19, 21)");
    browser.evaluate("localStorage.clear()");
  }

  @Test
  void box_choosesAllRowsAndFreesTheButtons() {
    browser.show(1280, 844, "light");
    browser.open(root.origin() + "/runs?state=FAILED");
    boolean before =
        browser.evaluate("document.querySelector('[data-needs]').disabled").asBoolean();

    browser.evaluate("document.querySelector('[data-every]').click()");

    assertThat(before).isTrue();
    assertThat(browser.evaluate("document.querySelector('[data-needs]').disabled").asBoolean())
        .isFalse();
    assertThat(browser.evaluate("document.querySelector('[data-chosen]').textContent").asText())
        .matches("[1-9][0-9]* chosen");
  }

  @Test
  void withoutScripts_pagesAreWhole() {
    browser.show(1280, 844, "light");
    browser.allowScripts(false);
    try {
      browser.open(root.origin() + "/runs");
      assertThat(browser.complaints(root.origin())).isEmpty();
    } finally {
      browser.allowScripts(true);
    }
  }

  /** Run with {@code -Dbelfry.pictures=docs/img}, seen from the root of the project. */
  @Test
  @EnabledIfSystemProperty(named = "belfry.pictures", matches = ".+")
  void pictures_areTaken() throws IOException {
    Path folder =
        Files.createDirectories(Path.of("..").resolve(System.getProperty("belfry.pictures")));
    for (String[] shot :
        new String[][] {
          {"overview", "1280", "light"},
          {"overview", "1280", "dark"},
          {"overview", "390", "light"},
          {"runs", "1280", "light"},
          {"run", "1280", "light"},
          {"run-failed", "1280", "dark"},
          {"jobs", "1280", "light"},
          {"schedules", "1280", "dark"},
          {"job", "1280", "light"},
        }) {
      int width = Integer.parseInt(shot[1]);
      browser.show(width, width < 500 ? 844 : 800, shot[2]);
      browser.open(root.origin() + pages.get(shot[0]));
      Path file =
          folder.resolve(
              "dashboard-" + shot[0] + "-" + shot[2] + (width < 500 ? "-phone" : "") + ".png");
      Files.write(file, browser.picture(false));
    }
  }
}
