// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import static dev.belfry.admin.dashboard.Html.each;
import static dev.belfry.admin.dashboard.Html.tag;
import static dev.belfry.admin.dashboard.Html.text;
import static dev.belfry.admin.dashboard.Html.when;

import dev.belfry.http.Response;
import java.util.List;
import java.util.Locale;

/** What stands around every page. */
final class Shell {
  private static final String BELL =
      "M8 1.2v1.6M3.6 11c1.1-1 1.5-2.4 1.5-4.2 0-2.2 1.1-3.8 2.9-3.8s2.9 1.6 2.9 3.8c0 1.8.4 3.2"
          + " 1.5 4.2zM6.6 13.2a1.5 1.5 0 0 0 2.8 0";

  private Shell() {}

  /**
   * Returns a page.
   *
   * @param attention how many things need attention, for the menu
   */
  static Response page(Site site, Frame.Page page, long attention, Html flash) {
    Section section = page.section();
    Html menu = menu(site, section, attention);
    Html shell =
        tag(
                "div",
                tag("aside", brand(site), menu, foot(site)).is("rail"),
                tag(
                        "header",
                        tag(
                            "details",
                            tag("summary", brandMark(), tag("span", "Menu").is("open")),
                            menu,
                            foot(site)))
                    .is("bar"),
                tag("main", flash, page.body())
                    .is("page")
                    .with("id", "content")
                    .with("tabindex", -1))
            .is("shell");
    Html skip = tag("a", "Skip to content").is("skip").with("href", "#content");
    Html.Tag body =
        tag("body", skip, shell)
            .with("data-stream", site.at(page.stream()))
            .with("data-now", site.now().toString());
    return document(site.base(), page.status(), page.title(), body);
  }

  /** Returns a page without a menu. */
  static Response document(String base, int status, String title, Html.Tag body) {
    Html head =
        tag(
            "head",
            tag("meta").with("charset", "utf-8"),
            tag("meta")
                .with("name", "viewport")
                .with("content", "width=device-width, initial-scale=1"),
            tag("meta").with("name", "robots").with("content", "noindex"),
            tag("title", title + " · Belfry"),
            tag("link")
                .with("rel", "icon")
                .with("type", "image/svg+xml")
                .with("href", Assets.ALL.link("icon.svg").in(base)),
            tag("link")
                .with("rel", "stylesheet")
                .with("href", Assets.ALL.link("belfry.css").in(base)),
            tag("script").with("src", Assets.ALL.link("belfry.js").in(base)));
    Html.Tag html = tag("html", head, body).with("lang", "en");
    return Response.of(status, "text/html; charset=utf-8", "<!doctype html>" + html.markup())
        .with("cache-control", "no-store");
  }

  static Html brand(Site site) {
    return site.link(Link.to(), mark(), text("Belfry")).is("brand");
  }

  static Html brandMark() {
    return tag("span", mark(), text("Belfry")).is("brand");
  }

  private static Html mark() {
    return Marks.icon(BELL).with("width", 20).with("height", 20);
  }

  private static Html menu(Site site, Section current, long attention) {
    return tag(
            "nav",
            each(
                Section.GROUPS,
                group ->
                    tag(
                        "ul",
                        each(
                            group.stream()
                                .filter(each -> site.principal().scope().includes(each.needs()))
                                .toList(),
                            section -> tag("li", entry(site, section, current, attention))))))
        .is("nav")
        .with("aria-label", "Main");
  }

  private static Html entry(Site site, Section section, Section current, long attention) {
    Html.Tag link =
        site.link(
            section.link(),
            section.icon(),
            text(section.title()),
            when(
                section == Section.OVERVIEW,
                tag("span", attention == 0 ? "" : Long.toString(attention))
                    .is("badge")
                    .with("data-live", "attention")
                    .with("title", "things that need attention")
                    .flag("hidden", attention == 0)));
    return section == current ? link.with("aria-current", "page") : link;
  }

  private static Html foot(Site site) {
    return tag(
            "div",
            choice("Theme", "theme", List.of("Auto", "Light", "Dark")),
            choice("Live updates", "live", List.of("Live", "Off")),
            tag("p", tag("b", site.principal().name()), text(", may " + may(site))).is("who"),
            when(site.signOut(), Forms.button(site, Link.to("logout"), "Sign out", "slim quiet")))
        .is("rail-foot");
  }

  private static String may(Site site) {
    if (site.readOnly()) {
      return "read (all is read-only)";
    }
    return switch (site.principal().scope()) {
      case READ -> "read";
      case OPERATE -> "operate";
      case ADMIN -> "administer";
    };
  }

  /** A switch that only scripts can serve; they show it. */
  private static Html choice(String label, String name, List<String> words) {
    return tag(
            "div",
            each(
                words,
                word ->
                    tag("button", word)
                        .with("type", "button")
                        .with("data-" + name, word.toLowerCase(Locale.ROOT))
                        .with("aria-pressed", "false")))
        .is("choice")
        .with("role", "group")
        .with("aria-label", label)
        .flag("hidden", true)
        .flag("data-switch", true);
  }
}
