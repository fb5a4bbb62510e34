// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.api;

import dev.belfry.http.routing.Problem;
import dev.belfry.run.RunQuery;
import dev.belfry.run.Status;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Which runs are meant: the same filter as parameters of a list and as an object in a body. */
final class RunFilter {
  /** The parameters; a state may be given several times, or several with commas. */
  static final String[] PARAMETERS = {
    "job", "state", "schedule", "tag", "key", "text", "from", "to"
  };

  /** The properties; states are a list. */
  static final String[] PROPERTIES = {
    "job", "states", "schedule", "tag", "key", "text", "from", "to"
  };

  private static final int MOST_TEXT = 200;

  private RunFilter() {}

  static String[] with(String[] names, String... more) {
    return Stream.concat(Arrays.stream(names), Arrays.stream(more)).toArray(String[]::new);
  }

  static RunQuery of(Parameters from) {
    Set<Status> states = EnumSet.noneOf(Status.class);
    from.all("state").forEach(text -> states.add(Values.constant("state", Status.class, text)));
    return of(
        states,
        new Texts(from.text("job"), from.text("schedule"), from.text("tag"), from.text("key")),
        from.text("text").map(text -> checked("text", text)),
        from.instant("from"),
        from.instant("to"));
  }

  static RunQuery of(Body from) {
    Set<Status> states = EnumSet.noneOf(Status.class);
    int place = 0;
    for (String text : from.texts("states", Status.values().length)) {
      states.add(Values.constant(from.at("states") + "/" + place++, Status.class, text));
    }
    return of(
        states,
        new Texts(from.text("job"), from.text("schedule"), from.text("tag"), from.text("key")),
        from.text("text").map(text -> checked(from.at("text"), text)),
        from.instant("from"),
        from.instant("to"));
  }

  /** What is looked for exactly. */
  private record Texts(
      Optional<String> job,
      Optional<String> schedule,
      Optional<String> tag,
      Optional<String> key) {}

  private static RunQuery of(
      Set<Status> states,
      Texts texts,
      Optional<String> error,
      Optional<Instant> from,
      Optional<Instant> to) {
    return new RunQuery(
        texts.job(),
        states,
        texts.schedule(),
        texts.tag(),
        texts.key(),
        error,
        from,
        to,
        Optional.empty(),
        RunQuery.all().limit());
  }

  private static String checked(String pointer, String text) {
    if (text.isEmpty() || text.length() > MOST_TEXT) {
      throw Problem.invalid(
          pointer, "must have 1 to " + MOST_TEXT + " characters, had " + text.length());
    }
    return text;
  }
}
