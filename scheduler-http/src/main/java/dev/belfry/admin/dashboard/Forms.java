// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import static dev.belfry.admin.dashboard.Html.all;
import static dev.belfry.admin.dashboard.Html.each;
import static dev.belfry.admin.dashboard.Html.tag;
import static dev.belfry.admin.dashboard.Html.text;
import static dev.belfry.admin.dashboard.Html.when;

import java.util.List;
import java.util.Map;

/** Forms and what stands in them. All that changes something is a form that posts. */
final class Forms {
  private Forms() {}

  /** Returns a form that posts, and comes back to the page it stands on. */
  static Html.Tag post(Site site, Link action, Html... content) {
    return tag("form", hidden("back", site.here().toString()), all(content))
        .with("method", "post")
        .with("action", site.at(action));
  }

  /** Returns a form that is one button. */
  static Html.Tag button(Site site, Link action, String word, String css) {
    return post(site, action, submit(word, css)).is("inline");
  }

  /** Returns a form that reads: what is filled in stands in the address. */
  static Html.Tag get(Site site, Link action, Html... content) {
    return tag("form", content).with("method", "get").with("action", site.at(action));
  }

  static Html.Tag submit(String word, String css) {
    Html.Tag button = tag("button", word).with("type", "submit");
    return css.isEmpty() ? button : button.is(css);
  }

  static Html.Tag hidden(String name, String value) {
    return tag("input").with("type", "hidden").with("name", name).with("value", value);
  }

  /** Returns a field with its label. */
  static Html.Tag field(String id, String label, Html.Tag input, String hint) {
    Html.Tag control = input.with("id", id);
    return tag(
            "div",
            tag("label", label).with("for", id),
            hint.isEmpty() ? control : control.with("aria-describedby", id + "-hint"),
            when(!hint.isEmpty(), tag("p", hint).is("hint").with("id", id + "-hint")))
        .is("field");
  }

  static Html.Tag input(String name, String value) {
    return tag("input")
        .with("name", name)
        .with("value", value)
        .with("autocomplete", "off")
        .with("spellcheck", "false");
  }

  static Html.Tag area(String name, String value, int rows) {
    return tag("textarea", text("\n" + value)) // a parser drops the first line feed
        .with("name", name)
        .with("rows", rows)
        .with("spellcheck", "false");
  }

  /** Returns a choice. */
  static Html.Tag select(String name, String value, Map<String, String> choices) {
    return tag(
            "select",
            each(
                List.copyOf(choices.entrySet()),
                choice ->
                    tag("option", choice.getValue())
                        .with("value", choice.getKey())
                        .flag("selected", choice.getKey().equals(value))))
        .with("name", name);
  }

  static Html.Tag check(String name, String value, boolean on, String label) {
    Html.Tag box =
        tag("input")
            .with("type", "checkbox")
            .with("name", name)
            .with("value", value)
            .flag("checked", on);
    return tag("label", box, tag("span", label)).is("check");
  }
}
