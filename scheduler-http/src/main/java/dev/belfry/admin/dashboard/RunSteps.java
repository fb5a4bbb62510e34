// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import static dev.belfry.admin.dashboard.Html.all;
import static dev.belfry.admin.dashboard.Html.maybe;
import static dev.belfry.admin.dashboard.Html.tag;
import static dev.belfry.admin.dashboard.Html.text;
import static dev.belfry.admin.dashboard.Html.when;

import dev.belfry.admin.dashboard.Marks.Tone;
import dev.belfry.admin.operations.PartDetail;
import dev.belfry.admin.operations.RunDetail;
import dev.belfry.admin.operations.Shown;
import dev.belfry.run.Part;
import java.util.List;
import java.util.Locale;

/** The parts of a run: steps, sleeps, waits, items. */
final class RunSteps {
  private static final int MOST = 200;

  private RunSteps() {}

  static Html panel(Site site, RunDetail detail) {
    if (detail.parts().isEmpty()) {
      return Html.none();
    }
    List<PartDetail> parts = detail.parts().subList(0, Math.min(MOST, detail.parts().size()));
    int left = detail.parts().size() - parts.size();
    return Panels.panelWith(
        "Steps",
        tag("span", Numbers.of(detail.parts().size())).is("muted"),
        Table.<PartDetail>of("Steps")
            .column("State", "tight", RunSteps::state)
            .column("Step", part -> step(site, part))
            .column("Tries", "num rare", part -> text(part.part().tries()))
            .column("Written", "num rare", part -> Times.clock(part.part().writtenAt(), site.now()))
            .rows(parts),
        when(
            left > 0,
            tag("div", Numbers.count(left, "further step is", "further steps are") + " not shown.")
                .is("foot")));
  }

  private static Html state(PartDetail detail) {
    Part part = detail.part();
    if (part.state() instanceof Part.Failed) {
      return Marks.pill(Tone.BAD, "Failed");
    } else if (part.state() instanceof Part.Pending pending) {
      return pending.lastFailure().isPresent()
          ? Marks.pill(Tone.LATE, "Tries again")
          : Marks.pill(Tone.WAIT, part.kind() == Part.Kind.SLEEP ? "Sleeps" : "Pending");
    }
    return Marks.pill(Tone.GOOD, "Done");
  }

  private static Html step(Site site, PartDetail detail) {
    Part part = detail.part();
    String kind = part.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    String scope = part.scope().isEmpty() ? "" : " in " + part.scope();
    String again = part.occurrence() == 0 ? "" : ", use " + (part.occurrence() + 1);
    return all(
        tag("strong", part.id()),
        text(" "),
        tag("span", kind + scope + again).is("muted small"),
        maybe(
            part.child(),
            run ->
                all(
                    text(" "),
                    site.link(Link.to("runs", run.toString()), Runs.shortId(run.toString()))
                        .is("mono"))),
        outcome(site, detail));
  }

  private static Html outcome(Site site, PartDetail detail) {
    Part.State state = detail.part().state();
    if (state instanceof Part.Failed failed) {
      return tag("span", Failures.brief(failed.failure())).is("sub");
    } else if (state instanceof Part.Pending pending) {
      return all(
          maybe(
              pending.until(),
              at -> tag("span", text("until "), Times.clock(at, site.now())).is("sub")),
          maybe(pending.lastFailure(), failure -> tag("span", Failures.brief(failure)).is("sub")));
    } else if (state instanceof Part.Received received) {
      return all(
          tag("span", "by " + received.name() + received.key().map(key -> " " + key).orElse(""))
              .is("sub"),
          maybe(detail.value(), value -> value(detail.part(), value)));
    }
    return maybe(detail.value(), value -> value(detail.part(), value));
  }

  private static Html value(Part part, Shown value) {
    return Data.isBrief(value)
        ? tag("span", Data.brief(value)).is("sub")
        : tag(
                "details",
                tag("summary", Data.brief(value)),
                Data.shown(
                    value, "Value of " + part.scope() + " " + part.id() + " " + part.occurrence()))
            .is("more");
  }
}
