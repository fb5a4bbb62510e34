// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.store.MemoKey;

/** The scopes of memos: paths of what a part stands in. */
final class MemoScopes {
  /*
   * Parts of a path are separated by slashes. Ids and names are escaped, so that none of them can
   * be taken for a path, or for what the engine keeps for itself: a tilde and a letter.
   */
  private static final int MOST = 200;
  private static final String LOOK = "~look";

  private MemoScopes() {}

  /** Returns the scope of what stands in a part. */
  static String in(MemoKey part) {
    String number = part.occurrence() == 0 ? "" : "#" + part.occurrence();
    return join(part.scope(), escape(part.id()) + number, part.id());
  }

  /** Returns the scope of a branch of a part. */
  static String branch(MemoKey part, String name) {
    return checked(in(part) + ":" + escape(name), name);
  }

  /** Returns the scope of something that the engine keeps for itself. */
  static String own(String scope, String word) {
    return join(scope, "~" + word, word);
  }

  /** Returns the scope of waits that an event does not end, but has their handler look. */
  static String look(MemoKey part) {
    return join(in(part), LOOK, part.id());
  }

  /** Returns what a scope that the engine keeps for itself stands in. */
  static String around(String own) {
    return own.substring(0, Math.max(0, own.lastIndexOf('/')));
  }

  /** Returns whether waits of a scope are ended by their handler only. */
  static boolean isLook(String scope) {
    return scope.endsWith(LOOK);
  }

  /** Returns whether something is no part that a handler has named. */
  static boolean isOwn(String scope) {
    for (int at = scope.indexOf('~'); at >= 0; at = scope.indexOf('~', at + 1)) {
      if (at + 1 < scope.length() && Character.isLetter(scope.charAt(at + 1))) {
        return true;
      }
    }
    return false;
  }

  /** Returns whether a scope is another, or lies in it. */
  static boolean isWithin(String scope, String outer) {
    return outer.isEmpty()
        || (scope.startsWith(outer)
            && (scope.length() == outer.length() || scope.charAt(outer.length()) == '/'));
  }

  private static String join(String scope, String part, String id) {
    return checked(scope.isEmpty() ? part : scope + "/" + part, id);
  }

  private static String checked(String scope, String id) {
    if (scope.length() > MOST) {
      throw new IllegalArgumentException(
          "the ids around \""
              + id
              + "\" must have at most "
              + MOST
              + " characters together, had "
              + scope.length());
    }
    return scope;
  }

  private static String escape(String text) {
    return text.replace("~", "~0").replace("/", "~1").replace("#", "~2").replace(":", "~3");
  }
}
