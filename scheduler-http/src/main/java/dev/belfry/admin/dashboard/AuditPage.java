// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import static dev.belfry.admin.dashboard.Html.all;
import static dev.belfry.admin.dashboard.Html.tag;
import static dev.belfry.admin.dashboard.Html.text;
import static dev.belfry.admin.dashboard.Html.when;

import dev.belfry.admin.dashboard.Frame.Page;
import dev.belfry.admin.dashboard.Marks.Tone;
import dev.belfry.admin.operations.AuditRow;
import dev.belfry.http.routing.Call;
import dev.belfry.http.routing.Route;
import java.util.List;

/** What people have done. */
final class AuditPage {
  private static final int PAGE = 50;

  private final Frame frame;

  AuditPage(Frame frame) {
    this.frame = frame;
  }

  List<Route> routes() {
    return List.of(frame.page(Section.AUDIT, "/audit", this::show));
  }

  private Page show(Call call, Site site) {
    dev.belfry.run.Page<AuditRow> page =
        frame.operations().audit(site.principal(), call.parameter("after"), PAGE);
    List<AuditRow> rows = page.items();
    return Page.of(
        Section.AUDIT,
        "Audit",
        Panels.head("Audit"),
        tag("p", "Whatever people change here or by the API, kept for 90 days.").is("lead"),
        tag(
                "section",
                rows.isEmpty()
                    ? Panels.empty(
                        Section.AUDIT,
                        "Nobody has changed anything",
                        "Runs retried, schedules paused, events sent: each leaves a row here.")
                    : all(
                        table(site).rows(rows),
                        when(
                            page.more(),
                            tag(
                                    "div",
                                    Panels.actions(
                                        site.link(
                                                Link.to("audit")
                                                    .with("after", rows.get(rows.size() - 1).id()),
                                                "Older →")
                                            .is("button slim")))
                                .is("foot"))))
            .is("panel")
            .with("aria-label", "Audit"));
  }

  private static Table<AuditRow> table(Site site) {
    return Table.<AuditRow>of("What people have done")
        .column("When", "tight", row -> Times.relative(row.at(), site.now()))
        .column("Who", "tight", row -> text(row.actor()))
        .column(
            "What",
            row ->
                all(
                    tag("strong", row.action()),
                    text(" "),
                    Sentence.of(site, row.target()),
                    when(!row.detail().isEmpty(), tag("span", row.detail()).is("sub"))))
        .column("Outcome", "tight", AuditPage::outcome)
        .column("Before and after", "rare", AuditPage::change);
  }

  private static Html outcome(AuditRow row) {
    return switch (row.outcome()) {
      case DONE -> Marks.pill(Tone.GOOD, "Done");
      case REFUSED -> Marks.pill(Tone.IDLE, "Refused");
      case FAILED -> Marks.pill(Tone.BAD, "Failed");
      case BEGUN -> Marks.pill(Tone.WARN, "Begun");
    };
  }

  private static Html change(AuditRow row) {
    if (row.before().isEmpty() && row.after().isEmpty()) {
      return tag("span", "–").is("muted");
    }
    return all(
        row.before().<Html>map(json -> tag("code", json).is("sub")).orElse(Html.none()),
        row.after().<Html>map(json -> tag("code", "→ " + json).is("sub")).orElse(Html.none()));
  }
}
