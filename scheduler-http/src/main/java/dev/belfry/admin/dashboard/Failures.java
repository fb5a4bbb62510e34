// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import static dev.belfry.admin.dashboard.Html.all;
import static dev.belfry.admin.dashboard.Html.tag;
import static dev.belfry.admin.dashboard.Html.text;
import static dev.belfry.admin.dashboard.Html.when;

import dev.belfry.run.Failure;
import dev.belfry.run.Run;
import dev.belfry.run.RunState;
import java.util.Optional;

/** What went wrong, short and long. */
final class Failures {
  private static final int BRIEF = 140;

  private Failures() {}

  /** Returns what a run died of. */
  static Optional<Failure> of(Run run) {
    if (run.state() instanceof RunState.Failed failed) {
      return Optional.of(failed.failure());
    }
    return run.state() instanceof RunState.TimedOut late
        ? Optional.of(late.failure())
        : Optional.empty();
  }

  /** Returns a failure in a line: the type without its package, and the message. */
  static String brief(Failure failure) {
    String type = failure.type().substring(failure.type().lastIndexOf('.') + 1);
    String line = failure.message().isEmpty() ? type : type + ": " + failure.message();
    return line.length() <= BRIEF ? line : line.substring(0, BRIEF - 1) + "…";
  }

  static Html whole(Failure failure) {
    return all(
        tag("p", tag("strong", failure.type()).is("mono")),
        when(!failure.message().isEmpty(), tag("p", failure.message())),
        when(
            !failure.trace().isEmpty(),
            tag(
                    "details",
                    tag("summary", "Stack trace"),
                    tag("pre", text(failure.trace()))
                        .with("tabindex", 0)
                        .with("role", "region")
                        .with("aria-label", "Stack trace"))
                .is("more")));
  }
}
