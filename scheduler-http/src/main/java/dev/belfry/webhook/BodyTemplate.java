// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.belfry.JobContext;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A text with {@code {{names}}} in it, which each attempt fills in. */
final class BodyTemplate {
  private static final Pattern NAME = Pattern.compile("\\{\\{(\\w*)}}");
  private static final Map<String, Function<JobContext, String>> VALUES =
      Map.of(
          "run", ctx -> ctx.runId().toString(),
          "job", JobContext::job,
          "attempt", ctx -> String.valueOf(ctx.attempt()),
          "due", ctx -> ctx.dueAt().toString(),
          "key", JobContext::idempotencyKey);

  private final String text;

  /**
   * Reads a template.
   *
   * @throws IllegalArgumentException if it has a name that is not known
   */
  BodyTemplate(String text) {
    Matcher matcher = NAME.matcher(text);
    while (matcher.find()) {
      if (!VALUES.containsKey(matcher.group(1))) {
        throw new IllegalArgumentException(
            "bad body: " + matcher.group() + " is not known; known: [attempt, due, job, key, run]");
      }
    }
    this.text = text;
  }

  byte[] fill(JobContext ctx) {
    return NAME.matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(value(found.group(1), ctx)))
        .getBytes(UTF_8);
  }

  private static String value(String name, JobContext ctx) {
    return requireNonNull(VALUES.get(name), "names were checked").apply(ctx);
  }
}
