// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import static dev.belfry.admin.dashboard.Html.text;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sentences of the core as people read them on a page: instants as times, ids as links. */
final class Sentence {
  private static final Pattern FACT =
      Pattern.compile(
          "(?<at>\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?Z)"
              + "|(?<span>\\bP(?:\\d+D)?(?:T(?:\\d+H)?(?:\\d+M)?(?:\\d+(?:\\.\\d+)?S)?)?\\b)"
              + "|(?<run>[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12})");
  private static final Pattern SUBJECT =
      Pattern.compile("^(run [0-9a-f-]{36}|schedule \"[^\"]*\"|job \"[^\"]*\") ");

  private Sentence() {}

  /** Returns a sentence whose subject is what the page is about. */
  static Html about(Site site, String noun, String sentence) {
    String words = SUBJECT.matcher(sentence).replaceFirst("This " + noun + " ");
    return of(site, words.endsWith(".") ? words : words + ".");
  }

  static Html of(Site site, String sentence) {
    var pieces = new ArrayList<Html>();
    Matcher found = FACT.matcher(sentence);
    int done = 0;
    while (found.find()) {
      pieces.add(text(sentence.substring(done, found.start())));
      pieces.add(fact(site, found));
      done = found.end();
    }
    pieces.add(text(sentence.substring(done)));
    return Html.all(pieces.toArray(Html[]::new));
  }

  private static Html fact(Site site, Matcher found) {
    if (found.group("at") != null) {
      return Times.clock(Instant.parse(found.group("at")), site.now());
    } else if (found.group("span") != null) {
      return text(span(found.group("span")));
    }
    String run = found.group("run");
    return site.link(Link.to("runs", run), Runs.shortId(run)).is("nowrap").with("title", run);
  }

  /** Returns words of the core with durations as people read them. */
  static String words(String words) {
    return FACT.matcher(words)
        .replaceAll(
            found -> {
              String fact = found.group();
              return Matcher.quoteReplacement(fact.startsWith("P") ? span(fact) : fact);
            });
  }

  private static String span(String duration) {
    try {
      return Times.span(Duration.parse(duration));
    } catch (DateTimeParseException other) {
      return duration;
    }
  }

  /** Returns words that begin with a capital. */
  static String capital(String words) {
    return words.isEmpty() ? words : Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }
}
