// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import static dev.belfry.admin.dashboard.Html.tag;
import static dev.belfry.admin.dashboard.Html.text;

import dev.belfry.http.routing.Call;
import java.util.Locale;
import java.util.Optional;

/**
 * What was just done, told on the page that follows. The address carries a code and a number, never
 * words, so a link can't put words into our mouth.
 */
enum Flash {
  CANCEL("One run will end.", "%d runs will end."),
  RETRY("One run starts again.", "%d runs start again."),
  ENQUEUED("The run is made.", "The runs are made."),
  SENT("The event is sent.", "The events are sent."),
  TRIGGERED("A run starts now.", "The runs start now."),
  PAUSED("Paused. What runs goes on; nothing new starts.", ""),
  RESUMED("Resumed.", ""),
  CREATED("The schedule is made.", ""),
  CHANGED("The schedule is changed.", ""),
  DELETED("The schedule is deleted. Its runs stay.", ""),
  RESET("The schedule is again what the code says.", ""),
  SILENCED("Silenced.", ""),
  UNSILENCED("The silence is over.", "");

  /** The parameters of an address that carry it. */
  static final String[] PARAMETERS = {"done", "n", "run"};

  private static final int MOST = 1_000_000;

  private final String one;
  private final String many;

  Flash(String one, String many) {
    this.one = one;
    this.many = many;
  }

  /** Returns a place that tells this. */
  Link on(Link link, long count) {
    Link told = link.without(PARAMETERS).with("done", name().toLowerCase(Locale.ROOT));
    return count == 1 ? told : told.with("n", Long.toString(count));
  }

  /** Returns what an address tells, unless it is nothing. */
  static Html of(Call call, Site site) {
    Optional<String> code = call.parameter("done");
    for (Flash flash : values()) {
      if (code.filter(flash.name().toLowerCase(Locale.ROOT)::equals).isPresent()) {
        return flash.shown(count(call), site);
      }
    }
    return Html.none();
  }

  private Html shown(int count, Site site) {
    String words = count == 1 || many.isEmpty() ? one : many.formatted(count);
    return tag("div", text(words), site.link(site.here(), "Dismiss"))
        .is("flash")
        .with("role", "status");
  }

  private static int count(Call call) {
    try {
      int count = call.parameter("n").map(Integer::parseInt).orElse(1);
      return Math.max(0, Math.min(count, MOST));
    } catch (NumberFormatException strange) {
      return 1;
    }
  }
}
