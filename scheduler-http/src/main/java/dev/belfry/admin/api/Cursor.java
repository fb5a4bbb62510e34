// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.belfry.http.routing.Problem;
import dev.belfry.run.RunId;
import java.util.Base64;

/**
 * Where a list goes on: what the last item of a page is found by. It looks like nothing, so that
 * nobody makes one up and it may change.
 */
final class Cursor {
  private Cursor() {}

  /** Returns the cursor after an item of a list. */
  static String of(String list, String item) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((list + " " + item).getBytes(UTF_8));
  }

  /**
   * Returns the item after which a list goes on.
   *
   * @throws Problem 422 if no page of this list gave the cursor
   */
  static String read(String list, String cursor) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(cursor), UTF_8);
      String item = text.substring(Math.min(text.length(), list.length() + 1));
      if (!item.isEmpty() && of(list, item).equals(cursor)) {
        return item;
      }
    } catch (IllegalArgumentException notOurs) {
      throw foreign();
    }
    throw foreign();
  }

  /** Returns the run after which a list of runs goes on. */
  static RunId run(String item) {
    try {
      return RunId.parse(item);
    } catch (IllegalArgumentException notOurs) {
      throw foreign();
    }
  }

  private static Problem foreign() {
    return Problem.invalid("cursor", "must be the nextCursor of a page of this list, as it was");
  }
}
