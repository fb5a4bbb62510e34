// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import static dev.belfry.admin.dashboard.Html.all;
import static dev.belfry.admin.dashboard.Html.each;
import static dev.belfry.admin.dashboard.Html.tag;
import static dev.belfry.admin.dashboard.Html.text;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Charts as SVG. Shapes are drawn in units of their own and stretched to the width there is; words
 * stand beside them as text, so that they keep their size.
 */
final class Charts {
  private static final DateTimeFormatter CLOCK = format("HH:mm");
  private static final DateTimeFormatter DAY = format("d MMM HH:mm");
  private static final int TALL = 100;

  private Charts() {}

  private static DateTimeFormatter format(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
  }

  /** What ended in a stretch of time. */
  record Bucket(Instant from, long completed, long failed, long timedOut) {
    long total() {
      return completed + failed + timedOut;
    }
  }

  /** Returns how many runs ended, stretch by stretch; failures stand at the foot. */
  static Html bars(List<Bucket> buckets, Duration width) {
    long most = Math.max(1, buckets.stream().mapToLong(Bucket::total).max().orElse(0));
    long top = nice(most);
    DateTimeFormatter clock =
        width.multipliedBy(buckets.size()).compareTo(Duration.ofHours(25)) > 0 ? DAY : CLOCK;
    Html columns =
        each(
            IntStream.range(0, buckets.size()).boxed().toList(),
            i -> column(buckets.get(i), i, top, clock));
    Html.Tag drawing =
        tag("svg", grid(buckets.size() * 10), columns)
            .with("viewBox", "0 0 " + buckets.size() * 10 + " " + TALL)
            .with("preserveAspectRatio", "none")
            .with("role", "img")
            .with("aria-label", summary(buckets));
    return tag(
            "figure",
            tag("div", tag("span", Numbers.of(top)), tag("span", Numbers.of(top / 2)))
                .is("scale")
                .with("aria-hidden", "true"),
            drawing,
            tag("div", each(labels(buckets, width, clock), label -> tag("span", label)))
                .is("axis")
                .with("aria-hidden", "true"))
        .is("plot");
  }

  private static Html column(Bucket bucket, int index, long top, DateTimeFormatter clock) {
    int x = index * 10;
    var shapes = new ArrayList<Html>();
    shapes.add(
        tag(
            "title",
            clock.format(bucket.from())
                + " UTC: "
                + bucket.completed()
                + " completed, "
                + bucket.failed()
                + " failed, "
                + bucket.timedOut()
                + " timed out"));
    shapes.add(rect(x, 0, 10, TALL, "hit"));
    double foot = TALL;
    foot = stacked(shapes, x, foot, bucket.failed(), top, "b1");
    foot = stacked(shapes, x, foot, bucket.timedOut(), top, "b2");
    stacked(shapes, x, foot, bucket.completed(), top, "b0");
    return tag("g", shapes.toArray(Html[]::new)).is("col");
  }

  /** A failure is never too small to be seen. */
  private static double stacked(
      List<Html> shapes, int x, double foot, long count, long top, String css) {
    if (count == 0) {
      return foot;
    }
    double height = Math.min(foot, Math.max(2, TALL * (double) count / top));
    shapes.add(rect(x + 1, foot - height, 8, height, css));
    return foot - height;
  }

  private static Html grid(int width) {
    return each(
        List.of(0, TALL / 2, TALL),
        y ->
            tag("line")
                .with("x1", 0)
                .with("x2", width)
                .with("y1", y)
                .with("y2", y)
                .with("vector-effect", "non-scaling-stroke")
                .is("grid"));
  }

  private static List<String> labels(
      List<Bucket> buckets, Duration width, DateTimeFormatter clock) {
    if (buckets.isEmpty()) {
      return List.of();
    }
    Instant from = buckets.get(0).from();
    Duration whole = width.multipliedBy(buckets.size());
    return List.of(
        clock.format(from),
        clock.format(from.plus(whole.dividedBy(2))),
        clock.format(from.plus(whole)) + " UTC");
  }

  private static String summary(List<Bucket> buckets) {
    return "Runs that ended: "
        + buckets.stream().mapToLong(Bucket::completed).sum()
        + " completed, "
        + buckets.stream().mapToLong(Bucket::failed).sum()
        + " failed, "
        + buckets.stream().mapToLong(Bucket::timedOut).sum()
        + " timed out";
  }

  /** Returns the least of 2, 4, 10, 20, 40, 100, … that is enough. */
  private static long nice(long most) {
    for (long ten = 1; ten < Long.MAX_VALUE / 100; ten *= 10) {
      for (long step : new long[] {2, 4, 10}) {
        if (most <= step * ten) {
          return step * ten;
        }
      }
    }
    return most;
  }

  static Html legend(String... names) {
    return tag(
            "ul",
            each(
                IntStream.range(0, names.length).boxed().toList(),
                i -> tag("li", tag("span").is("key k" + i), text(names[i]))))
        .is("legend");
  }

  /** A bar of a sparkline: how tall, of 1, and how it ended. */
  record Spark(double height, Marks.Tone tone) {}

  /** Returns a small chart of the last runs, oldest first, at the right. */
  static Html spark(List<Spark> sparks, String label) {
    int places = Math.max(10, sparks.size());
    int first = places - sparks.size();
    return tag(
            "svg",
            tag("title", label),
            each(
                IntStream.range(0, places).boxed().toList(),
                i -> i < first ? rect(i * 8, 18, 6, 2, "") : spark(sparks.get(i - first), i * 8)))
        .is("spark")
        .with("viewBox", "0 0 78 20")
        .with("role", "img")
        .with("aria-label", label);
  }

  private static Html spark(Spark spark, int x) {
    double height = 4 + 16 * Math.max(0, Math.min(1, spark.height()));
    return rect(x, 20 - height, 6, height, spark.tone().css()).with("rx", 1);
  }

  /** A stretch of time with how it ended. */
  record Stretch(Instant from, Instant to, Marks.Tone tone) {}

  /** Returns stretches of time on one line, within a whole. */
  static Html line(Instant from, Instant to, List<Stretch> stretches) {
    double whole = Math.max(1, Duration.between(from, to).toNanos());
    return tag(
            "svg",
            rect(0, 5.5, 1000, 1, "gap"),
            all(stretches.stream().map(each -> stretch(each, from, whole)).toArray(Html[]::new)))
        .is("line")
        .with("viewBox", "0 0 1000 12")
        .with("preserveAspectRatio", "none")
        .with("aria-hidden", "true");
  }

  private static Html stretch(Stretch stretch, Instant from, double whole) {
    double start = 1000 * Duration.between(from, stretch.from()).toNanos() / whole;
    double width = 1000 * Duration.between(stretch.from(), stretch.to()).toNanos() / whole;
    double least = Math.max(4, width);
    return rect(Math.max(0, Math.min(start, 1000 - least)), 1, least, 10, stretch.tone().css());
  }

  /** Returns how much of a whole there is. */
  static Html meter(long part, long whole, String label) {
    double width = whole <= 0 ? 0 : Math.min(100, 100.0 * part / whole);
    return tag("svg", rect(0, 0, 100, 6, "track"), rect(0, 0, width, 6, "fill"))
        .is("meter")
        .with("viewBox", "0 0 100 6")
        .with("preserveAspectRatio", "none")
        .with("role", "img")
        .with("aria-label", label);
  }

  private static Html.Tag rect(double x, double y, double width, double height, String css) {
    Html.Tag rect =
        tag("rect")
            .with("x", number(x))
            .with("y", number(y))
            .with("width", number(width))
            .with("height", number(height));
    return css.isEmpty() ? rect : rect.is(css);
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.2f", value);
  }
}
