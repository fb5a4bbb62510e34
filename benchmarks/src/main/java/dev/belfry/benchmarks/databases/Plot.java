// SPDX-License-Identifier: Apache-2.0

package dev.belfry.benchmarks.databases;

import java.util.List;
import java.util.Locale;

/**
 * Draws horizontal bars in panels, one below the other, as SVG: the median, and a line from the
 * least to the greatest. Each panel has a scale of its own. Colours suit light and dark pages.
 */
final class Plot {
  private static final int WIDTH = 760;
  private static final int LABELS = 200;
  private static final int VALUES = 110;
  private static final int BAR = 18;
  private static final int HEADING = 34;
  private static final int MARGIN = 12;
  private static final String STYLE =
      """
      <style>
        text { font: 13px system-ui, sans-serif; fill: #24292f; }
        .heading { font-weight: 600; }
        .ours { fill: #2563eb; }
        .other { fill: #9ca3af; }
        .range { stroke: #24292f; stroke-width: 1.5; }
        @media (prefers-color-scheme: dark) {
          text { fill: #e6edf3; }
          .ours { fill: #60a5fa; }
          .other { fill: #6b7280; }
          .range { stroke: #e6edf3; }
        }
      </style>
      """;

  private Plot() {}

  /**
   * A bar.
   *
   * @param ours whether it stands out
   */
  record Bar(String label, Spread values, boolean ours) {}

  /** Bars that are to be compared. */
  record Panel(String title, Column column, List<Bar> bars) {
    Panel {
      bars = List.copyOf(bars);
    }

    int height() {
      return HEADING + bars.size() * (BAR + 4);
    }

    /** Returns how many pixels a unit has. */
    double scale() {
      double greatest = bars.stream().mapToDouble(bar -> bar.values.greatest()).max().orElse(0);
      return greatest <= 0 ? 0 : (WIDTH - LABELS - VALUES) / greatest;
    }
  }

  static String svg(List<Panel> panels) {
    int height = 2 * MARGIN + panels.stream().mapToInt(Panel::height).sum();
    var svg = new StringBuilder();
    svg.append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\">\n"
            .formatted(WIDTH, height));
    svg.append(STYLE);
    int top = MARGIN;
    for (Panel panel : panels) {
      draw(svg, panel, top);
      top += panel.height();
    }
    return svg.append("</svg>\n").toString();
  }

  private static void draw(StringBuilder svg, Panel panel, int top) {
    svg.append(
        "<text class=\"heading\" x=\"8\" y=\"%d\">%s</text>\n"
            .formatted(top + 20, escape(panel.title)));
    int y = top + HEADING;
    for (Bar bar : panel.bars) {
      draw(svg, bar, panel, y);
      y += BAR + 4;
    }
  }

  private static void draw(StringBuilder svg, Bar bar, Panel panel, int y) {
    double scale = panel.scale();
    int base = y + BAR - 5;
    svg.append(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>\n"
            .formatted(LABELS - 8, base, escape(bar.label)));
    svg.append(
        "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%s\" height=\"%d\" rx=\"2\"/>\n"
            .formatted(
                bar.ours ? "ours" : "other", LABELS, y, pixels(bar.values.median() * scale), BAR));
    double from = LABELS + bar.values.least() * scale;
    double to = LABELS + bar.values.greatest() * scale;
    int middle = y + BAR / 2;
    svg.append(
        "<line class=\"range\" x1=\"%s\" y1=\"%d\" x2=\"%s\" y2=\"%d\"/>\n"
            .formatted(pixels(from), middle, pixels(to), middle));
    svg.append(
        "<text x=\"%s\" y=\"%d\">%s</text>\n"
            .formatted(pixels(to + 8), base, panel.column.number(bar.values.median())));
  }

  private static String pixels(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
