// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import static java.util.Objects.requireNonNull;

import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.JobView;
import dev.belfry.http.Principal;
import dev.belfry.http.routing.Problem;
import dev.belfry.store.CodecException;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what people write, and says where it is wrong. */
final class Inputs {
  /** A step of the path of a codec: {@code .name}, {@code ["any name"]} or {@code [3]}. */
  private static final Pattern STEP =
      Pattern.compile("\\.([^.\\[]+)|\\[\"((?:[^\"]|\"(?!]))*)\"]|\\[(\\d+)]");

  private final Ground ground;

  Inputs(Ground ground) {
    this.ground = ground;
  }

  /** Reads an input of a job. */
  <I extends @Nullable Object> I input(Job<I> job, Optional<String> json) {
    return decoded("/input", () -> ground.context().input(job, json.orElse("null")));
  }

  /** Reads the data of an event. */
  <E> E data(EventType<E> type, String json) {
    return decoded("/data", () -> ground.context().data(type, json));
  }

  private static <T extends @Nullable Object> T decoded(String pointer, Supplier<T> read) {
    try {
      return read.get();
    } catch (CodecException broken) {
      throw Problem.of(
          422,
          "invalid",
          String.valueOf(broken.getMessage()),
          List.of(new Problem.Fault(pointer + pointer(broken.path()), broken.problem())));
    }
  }

  /** Turns the path of a codec, {@code $.lines[3]}, into a JSON pointer. */
  static String pointer(String path) {
    var pointer = new StringBuilder();
    Matcher step = STEP.matcher(path);
    while (step.find()) {
      int group = 1;
      while (step.group(group) == null) {
        group++; // one of the three is there
      }
      String name = requireNonNull(step.group(group));
      pointer.append('/').append(name.replace("~", "~0").replace("/", "~1"));
    }
    return pointer.toString();
  }

  /** Calls what refuses wrong arguments, and says which place they come from. */
  static <T> T valid(String pointer, Supplier<T> make) {
    try {
      return make.get();
    } catch (IllegalArgumentException refused) {
      throw Problem.invalid(pointer, String.valueOf(refused.getMessage()));
    }
  }

  /**
   * Checks labels that somebody gives. Those of others would show up where others look, so a
   * confined principal may use only their own and those that the job has anyway.
   */
  static void checkTags(Principal who, JobView job, List<String> tags) {
    for (int i = 0; i < tags.size(); i++) {
      String tag = tags.get(i);
      if (who.isConfined() && !who.tags().contains(tag) && !job.tags().contains(tag)) {
        throw Problem.invalid(
            "/tags/" + i,
            "tag must be one of yours, "
                + who.tags().stream().sorted().toList()
                + ", was \""
                + tag
                + "\"");
      }
    }
  }

  static Optional<ZoneId> zone(Optional<String> id) {
    try {
      return id.map(ZoneId::of);
    } catch (DateTimeException unknown) {
      throw Problem.invalid(
          "/zone", "zone must be one as in Europe/Berlin, was \"" + id.orElse("") + "\"");
    }
  }
}
