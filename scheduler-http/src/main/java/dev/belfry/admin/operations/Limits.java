// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import dev.belfry.http.routing.Problem;

/** The sizes of pages. */
final class Limits {
  /** The most of a page, and of what is done at once. */
  static final int MOST = 1_000;

  private Limits() {}

  static int check(int limit) {
    return check("limit", limit, MOST);
  }

  static int check(String pointer, int value, int most) {
    if (value < 1 || value > most) {
      throw Problem.invalid(pointer, pointer + " must be 1 to " + most + ", was " + value);
    }
    return value;
  }
}
