// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import static dev.belfry.admin.dashboard.Html.all;
import static dev.belfry.admin.dashboard.Html.each;
import static dev.belfry.admin.dashboard.Html.tag;
import static dev.belfry.admin.dashboard.Html.text;
import static dev.belfry.admin.dashboard.Html.when;

import java.util.List;
import java.util.Map;

/** What pages are put together from. */
final class Panels {
  private Panels() {}

  /** Returns the head of a page: its title, what stands beside it, what can be done. */
  static Html head(Html title, Html... actions) {
    return tag("div", tag("div", title).is("title"), when(actions.length > 0, actions(actions)))
        .is("head");
  }

  static Html head(String title, Html... actions) {
    return head(tag("h1", title), actions);
  }

  static Html.Tag actions(Html... actions) {
    return tag("div", actions).is("actions");
  }

  /** Returns a way back up. */
  static Html trail(Site site, Section section) {
    return tag("nav", site.link(section.link(), section.title()), text(" /"))
        .is("trail")
        .with("aria-label", "Where you are");
  }

  /** Returns a panel with a heading. */
  static Html.Tag panel(String title, Html... content) {
    return panelWith(title, Html.none(), content);
  }

  static Html.Tag panelWith(String title, Html beside, Html... content) {
    return tag("section", tag("header", tag("h2", title), beside), all(content)).is("panel");
  }

  /** Returns content with room around it. */
  static Html.Tag in(Html... content) {
    return tag("div", content).is("in");
  }

  /** Returns what stands where there is nothing yet: what it is, and what to do. */
  static Html.Tag empty(Section section, String title, Html... advice) {
    return tag("div", section.icon(), tag("h3", title), all(advice)).is("empty");
  }

  static Html.Tag empty(Section section, String title, String advice) {
    return empty(section, title, tag("p", advice));
  }

  /** Returns names with their values; those without a value are left out. */
  static Html.Tag facts(String css, List<Map.Entry<String, Html>> facts) {
    boolean wide = css.contains("wide");
    return tag(
            "dl",
            each(
                facts,
                fact -> {
                  Html pair = all(tag("dt", fact.getKey()), tag("dd", fact.getValue()));
                  return wide ? tag("div", pair) : pair;
                }))
        .is(css);
  }

  /** Returns a number with its name. */
  static Html.Tag figure(String name, Html value, String note) {
    return tag(
            "div",
            tag("span", name).is("name"),
            tag("span", value).is("value"),
            when(!note.isEmpty(), tag("span", note).is("note")))
        .is("figure");
  }
}
