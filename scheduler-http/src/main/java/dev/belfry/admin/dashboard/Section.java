// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import dev.belfry.http.Scope;
import java.util.List;

/** The parts of the dashboard, as the menu shows them. */
enum Section {
  OVERVIEW(
      "Overview", Link.to(), Scope.READ, "M2 2.8h5v5H2zM9 2.8h5v3H9zM9 8.2h5v5H9zM2 10.2h5v3H2z"),
  RUNS("Runs", Link.to("runs"), Scope.READ, "M2 4h1M2 8h1M2 12h1M5.5 4H14M5.5 8H14M5.5 12H14"),
  JOBS(
      "Jobs", Link.to("jobs"), Scope.READ, "M2.5 5 8 2l5.5 3v6L8 14l-5.5-3zM2.5 5 8 8l5.5-3M8 8v6"),
  SCHEDULES(
      "Schedules",
      Link.to("schedules"),
      Scope.READ,
      "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.8V8l2.2 1.6"),
  EVENTS("Events", Link.to("events"), Scope.READ, "M8.8 1.8 3.2 9h4l-.8 5.2L12.8 7h-4z"),
  QUEUES(
      "Queues",
      Link.to("queues"),
      Scope.READ,
      "m8 2 6 3-6 3-6-3zM2.4 8.2 8 11l5.6-2.8M2.4 11.2 8 14l5.6-2.8"),
  NODES(
      "Nodes",
      Link.to("nodes"),
      Scope.READ,
      "M2 2.5h12v4.5H2zM2 9h12v4.5H2zM4.5 4.8h.01M4.5 11.2h.01"),
  ALERTS(
      "Alerts",
      Link.to("alerts"),
      Scope.READ,
      "M4 7a4 4 0 0 1 8 0c0 3.2 1.2 4 1.2 4H2.8S4 10.2 4 7zM6.6 13.4a1.5 1.5 0 0 0 2.8 0"),
  AUDIT(
      "Audit",
      Link.to("audit"),
      Scope.ADMIN,
      "M4 1.8h5.2L12.5 5v9.2H4zM9 2v3.2h3.2M6.2 8h4M6.2 11h4"),
  ABOUT(
      "About",
      Link.to("about"),
      Scope.READ,
      "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 7.4v3.4M8 5.2h.01");

  /** The groups of the menu. */
  static final List<List<Section>> GROUPS =
      List.of(
          List.of(OVERVIEW, RUNS, JOBS, SCHEDULES, EVENTS),
          List.of(QUEUES, NODES, ALERTS),
          List.of(AUDIT, ABOUT));

  private final String title;

  @SuppressWarnings("ImmutableEnumChecker") // a link is immutable
  private final Link link;

  private final Scope needs;
  private final String icon;

  Section(String title, Link link, Scope needs, String icon) {
    this.title = title;
    this.link = link;
    this.needs = needs;
    this.icon = icon;
  }

  String title() {
    return title;
  }

  Link link() {
    return link;
  }

  /** Returns what it takes to see it. */
  Scope needs() {
    return needs;
  }

  Html icon() {
    return Marks.icon(icon);
  }
}
