// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import static dev.belfry.admin.dashboard.Html.tag;
import static dev.belfry.admin.dashboard.Html.text;

import dev.belfry.admin.dashboard.Frame.Page;
import dev.belfry.admin.operations.NodeEntry;
import dev.belfry.http.routing.Call;
import dev.belfry.http.routing.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What this is, and how it is set. */
final class AboutPage {
  private final Frame frame;

  AboutPage(Frame frame) {
    this.frame = frame;
  }

  List<Route> routes() {
    return List.of(frame.page(Section.ABOUT, "/about", this::show));
  }

  private Page show(Call call, Site site) {
    List<NodeEntry> nodes = frame.operations().nodes(site.principal());
    var facts = new ArrayList<Map.Entry<String, Html>>();
    String versions =
        nodes.stream()
            .map(node -> node.info().card().version())
            .distinct()
            .collect(Collectors.joining(", "));
    if (!versions.isEmpty()) {
      facts.add(Map.entry("Version", text(versions)));
    }
    facts.add(Map.entry("Store's clock", Times.exact(site.now())));
    facts.add(Map.entry("Jobs", text(frame.operations().jobs().list(site.principal()).size())));
    facts.add(Map.entry("You", text(site.principal().name())));
    facts.add(Map.entry("Scope", text(Marks.word(site.principal().scope().name()))));
    if (site.principal().isConfined()) {
      facts.add(
          Map.entry(
              "Confined to", Marks.tags(site, site.principal().tags().stream().sorted().toList())));
    }
    facts.add(
        Map.entry(
            "Changes", text(site.readOnly() ? "Refused: all is read-only" : "Allowed by scope")));
    return Page.of(
        Section.ABOUT,
        "About",
        Panels.head("About"),
        tag(
                "div",
                Panels.panel("This scheduler", Panels.in(Panels.facts("facts", facts))),
                Panels.panel(
                    "How to read these pages",
                    Panels.in(
                        tag(
                                "ul",
                                tag(
                                    "li",
                                    "Times are told from now; hold the pointer over one, or look at a run, for the instant in UTC."),
                                tag(
                                    "li",
                                    "All that a list shows stands in its address: keep it, or send it to somebody."),
                                tag(
                                    "li",
                                    "Values under keys that look secret are hidden, before they leave the server."),
                                tag(
                                    "li",
                                    "Pages work without scripts. With them, numbers stay fresh while the page is seen, and / goes to the search."))
                            .is("near"))))
            .is("cols even"));
  }
}
