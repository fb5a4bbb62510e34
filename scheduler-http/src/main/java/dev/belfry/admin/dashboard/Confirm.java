// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import static dev.belfry.admin.dashboard.Html.tag;

/** Asks before something is done that can't be undone. */
final class Confirm {
  private Confirm() {}

  /**
   * Returns the question.
   *
   * @param means what will happen, in sentences
   * @param verb what the button says: the deed, never "OK"
   * @param back where to go if not
   * @param more further fields of the form
   */
  static Html panel(
      Site site,
      String title,
      String means,
      Link action,
      String verb,
      boolean danger,
      Link back,
      Html more) {
    return tag(
            "section",
            tag("h1", title),
            tag("p", means).is("lead"),
            Forms.post(
                    site,
                    action,
                    more,
                    Panels.actions(
                        Forms.submit(verb, danger ? "first danger" : "first"),
                        site.link(back, "Keep as is").is("button quiet")))
                .is("form"))
        .is("panel ask narrow-page");
  }
}
