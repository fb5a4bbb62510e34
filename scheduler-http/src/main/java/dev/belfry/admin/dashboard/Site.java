// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import static dev.belfry.admin.dashboard.Html.tag;

import dev.belfry.http.Principal;
import dev.belfry.http.Scope;
import dev.belfry.http.routing.Call;
import java.time.Instant;

/**
 * For whom and where a page is made.
 *
 * @param base the path under which the pages stand
 * @param here the page itself
 * @param principal who reads it
 * @param readOnly whether nobody may change anything
 * @param signOut whether they signed in here
 * @param now the present, by the store's clock
 */
record Site(
    String base, Link here, Principal principal, boolean readOnly, boolean signOut, Instant now) {
  static Site of(Call call, boolean readOnly, boolean signOut, Instant now) {
    return new Site(
        call.request().base(),
        Link.of(call).without(Flash.PARAMETERS),
        call.principal(),
        readOnly,
        signOut,
        now);
  }

  /** Returns the same for forms that are to come back to another place. */
  Site standing(Link there) {
    return new Site(base, there, principal, readOnly, signOut, now);
  }

  /**
   * Returns whether who reads may do what needs a scope; buttons for anything else are left out.
   */
  boolean may(Scope scope) {
    return !readOnly && principal.scope().includes(scope);
  }

  /** Returns the address of a place. */
  String at(Link link) {
    return link.in(base);
  }

  /** Returns a link around a text. */
  Html.Tag link(Link link, String text) {
    return tag("a", text).with("href", at(link));
  }

  /** Returns a link around pieces. */
  Html.Tag link(Link link, Html... content) {
    return tag("a", content).with("href", at(link));
  }
}
