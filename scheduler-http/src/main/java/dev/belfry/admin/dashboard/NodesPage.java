// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import static dev.belfry.admin.dashboard.Html.all;
import static dev.belfry.admin.dashboard.Html.each;
import static dev.belfry.admin.dashboard.Html.tag;
import static dev.belfry.admin.dashboard.Html.text;

import dev.belfry.admin.dashboard.Frame.Page;
import dev.belfry.admin.dashboard.Marks.Tone;
import dev.belfry.admin.operations.NodeEntry;
import dev.belfry.http.routing.Call;
import dev.belfry.http.routing.Route;
import java.util.List;

/** The nodes, and whether they live. */
final class NodesPage {
  private final Frame frame;

  NodesPage(Frame frame) {
    this.frame = frame;
  }

  List<Route> routes() {
    return List.of(frame.page(Section.NODES, "/nodes", this::show));
  }

  private Page show(Call call, Site site) {
    List<NodeEntry> nodes = frame.operations().nodes(site.principal());
    return Page.of(
        Section.NODES,
        "Nodes",
        Panels.head("Nodes"),
        tag(
                "p",
                "A node is one started scheduler. It holds a lease in the store and renews it; once"
                    + " that is over, others take over its runs.")
            .is("lead"),
        tag("section", nodes.isEmpty() ? nothing(site) : table(site).rows(nodes))
            .is("panel")
            .with("aria-label", "Nodes"));
  }

  private static Html nothing(Site site) {
    return site.principal().isConfined()
        ? Panels.empty(
            Section.NODES, "Nodes are not shown to you", "Your access is confined to some tags.")
        : Panels.empty(
            Section.NODES,
            "No node is alive",
            "Start a scheduler on this store, and it appears within seconds.");
  }

  private static Table<NodeEntry> table(Site site) {
    return Table.<NodeEntry>of("Nodes")
        .column(
            "Node",
            node ->
                all(
                    tag("strong", node.info().card().name()),
                    tag("span", node.info().id().toString()).is("sub mono")))
        .column(
            "State",
            "tight",
            node ->
                node.late()
                    ? Marks.pill(Tone.BAD, "Possibly dead")
                    : Marks.pill(Tone.GOOD, "Alive"))
        .column("Lease until", "num", node -> Times.relative(node.info().leaseUntil(), site.now()))
        .column("Joined", "num rare", node -> Times.relative(node.info().joinedAt(), site.now()))
        .column("Version", "rare", node -> text(node.info().card().version()))
        .column("Jobs", "rare", node -> jobs(site, node));
  }

  private static Html jobs(Site site, NodeEntry node) {
    List<String> names = node.info().card().jobs().stream().sorted().toList();
    return tag(
            "details",
            tag("summary", Numbers.count(names.size(), "job", "jobs")),
            each(names, name -> tag("div", site.link(Link.to("jobs", name), name))))
        .is("more");
  }
}
