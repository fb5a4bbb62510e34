// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import static dev.belfry.admin.dashboard.Html.each;
import static dev.belfry.admin.dashboard.Html.tag;
import static dev.belfry.admin.dashboard.Html.text;

import dev.belfry.run.Pass;
import dev.belfry.run.Run;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Small marks: a state, a tag, an icon. A state is a colour, a shape and a word. */
final class Marks {
  private Marks() {}

  /** What a colour says. */
  enum Tone {
    GOOD,
    BAD,
    LATE,
    BUSY,
    WAIT,
    WARN,
    IDLE;

    String css() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Tone tone(Status status) {
    return switch (status) {
      case COMPLETED -> Tone.GOOD;
      case FAILED -> Tone.BAD;
      case TIMED_OUT -> Tone.LATE;
      case RUNNING -> Tone.BUSY;
      case WAITING -> Tone.WAIT;
      case BLOCKED -> Tone.WARN;
      case SCHEDULED, CANCELLED, SKIPPED -> Tone.IDLE;
    };
  }

  static Tone tone(Pass.Event event) {
    return switch (event) {
      case COMPLETED -> Tone.GOOD;
      case FAILED, RETRIED -> Tone.BAD;
      case TIMED_OUT, LOST -> Tone.LATE;
      case BLOCKED -> Tone.WARN;
      case SUSPENDED, SNOOZED -> Tone.WAIT;
      case CANCELLED, SKIPPED, HANDED_BACK, MOVED -> Tone.IDLE;
    };
  }

  /** Returns the word for a state. */
  static String word(Status status) {
    return word(status.name());
  }

  /** Returns the word for a constant: {@code Timed out} for {@code TIMED_OUT}. */
  static String word(String constant) {
    return constant.charAt(0) + constant.substring(1).toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** Returns the state of a run. One that is due is called available. */
  static Html state(Run run, Instant now) {
    if (run.state() instanceof RunState.Scheduled scheduled && !scheduled.due().isAfter(now)) {
      return pill(Tone.BUSY, "ring", "Available");
    }
    return state(run.status());
  }

  static Html.Tag state(Status status) {
    return pill(tone(status), shape(status), word(status));
  }

  static Html.Tag pill(Tone tone, String word) {
    return pill(tone, "", word);
  }

  private static Html.Tag pill(Tone tone, String shape, String word) {
    return tag("span", dot(tone, shape), text(word)).is("pill " + tone.css());
  }

  /** Returns a filled dot. */
  static Html.Tag dot(Tone tone) {
    return dot(tone, "");
  }

  static Html.Tag dot(Status status) {
    return dot(tone(status), shape(status));
  }

  private static Html.Tag dot(Tone tone, String shape) {
    return tag("span").is(("dot " + tone.css() + " " + shape).strip()).with("aria-hidden", "true");
  }

  /** Rings have not begun, squares did not end by themselves. */
  private static String shape(Status status) {
    return switch (status) {
      case SCHEDULED, WAITING -> "ring";
      case TIMED_OUT, CANCELLED, SKIPPED, BLOCKED -> "square";
      case RUNNING, COMPLETED, FAILED -> "";
    };
  }

  static Html tags(Site site, List<String> tags) {
    return tags.isEmpty()
        ? Html.none()
        : tag("span", each(tags, tag -> site.link(Link.to("runs").with("tag", tag), tag).is("tag")))
            .is("tags");
  }

  /** Returns an icon of 16 by 16, drawn in the colour of the text. */
  static Html.Tag icon(String path) {
    return tag("svg", tag("path").with("d", path))
        .with("viewBox", "0 0 16 16")
        .with("width", 16)
        .with("height", 16)
        .with("fill", "none")
        .with("stroke", "currentColor")
        .with("stroke-width", "1.5")
        .with("stroke-linecap", "round")
        .with("stroke-linejoin", "round")
        .with("aria-hidden", "true");
  }
}
