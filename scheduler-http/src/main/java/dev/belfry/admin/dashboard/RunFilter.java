// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import dev.belfry.http.routing.Problem;
import dev.belfry.run.RunId;
import dev.belfry.run.RunQuery;
import dev.belfry.run.Status;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which runs a list shows, as its address says it: all of it stands there, so that a list can be
 * kept, sent to others and come back to.
 *
 * @param link the place of the list
 * @param query the same for the store
 */
record RunFilter(Link link, RunQuery query) {
  static final int PAGE = 50;
  static final List<String> NAMES =
      List.of("state", "job", "schedule", "tag", "key", "text", "from", "to");

  /** Reads a place. What is unknown there is left out, so nothing strange comes back from it. */
  static RunFilter of(Map<String, List<String>> parameters) {
    var values = new Posted(parameters);
    Link link = Link.to("runs");
    for (String name : NAMES) {
      List<String> given = values.all(name);
      if (!given.isEmpty()) {
        link = link.withAll(name, name.equals("state") ? given : given.subList(0, 1));
      }
    }
    Set<Status> states = EnumSet.noneOf(Status.class);
    values.all("state").forEach(state -> states.add(status(state)));
    Optional<Instant> from = values.instant("from");
    Optional<Instant> to = values.instant("to");
    Optional<RunId> after = values.get("after").map(RunFilter::id);
    try {
      return new RunFilter(
          link,
          new RunQuery(
              values.get("job"),
              states,
              values.get("schedule"),
              values.get("tag"),
              values.get("key"),
              values.get("text"),
              from,
              to,
              after,
              PAGE));
    } catch (IllegalArgumentException wrong) {
      throw Problem.invalid("text", String.valueOf(wrong.getMessage()));
    }
  }

  private static Status status(String name) {
    try {
      return Status.valueOf(name);
    } catch (IllegalArgumentException unknown) {
      throw Problem.invalid(
          "state", "state must be one of " + List.of(Status.values()) + ", was \"" + name + "\"");
    }
  }

  static RunId id(String text) {
    try {
      return RunId.parse(text);
    } catch (IllegalArgumentException wrong) {
      throw Problem.invalid("id", String.valueOf(wrong.getMessage()));
    }
  }

  /** Returns the filter without its page. */
  RunFilter whole() {
    return new RunFilter(
        link,
        new RunQuery(
            query.job(),
            query.statuses(),
            query.schedule(),
            query.tag(),
            query.key(),
            query.error(),
            query.from(),
            query.to(),
            Optional.empty(),
            PAGE));
  }

  /** Returns whether it lets some runs through only. */
  boolean narrows() {
    return !link.parameters().isEmpty();
  }

  String value(String name) {
    return new Posted(link.parameters()).text(name);
  }
}
