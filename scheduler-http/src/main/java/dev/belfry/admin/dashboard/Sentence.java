// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import static dev.belfry.admin.dashboard.Html.text;

import java.time.Instant;
import java.util.ArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sentences of the core as people read them on a page: instants as times, ids as links. */
final class Sentence {
  private static final Pattern FACT =
      Pattern.compile(
          "(?<at>\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?Z)"
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
      pieces.add(
          found.group("at") != null
              ? Times.clock(Instant.parse(found.group("at")), site.now())
              : site.link(Link.to("runs", found.group("run")), Runs.shortId(found.group("run")))
                  .with("title", found.group("run")));
      done = found.end();
    }
    pieces.add(text(sentence.substring(done)));
    return Html.all(pieces.toArray(Html[]::new));
  }
}
