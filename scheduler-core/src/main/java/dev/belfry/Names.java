// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import java.util.regex.Pattern;

/** The form that names of jobs, queues and schedules share. */
final class Names {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/:-]{0,99}");

  private Names() {}

  /** Returns the name, or refuses it with a sentence. */
  static String check(String what, String name) {
    if (!FORM.matcher(name).matches()) {
      throw new IllegalArgumentException(
          what
              + " must have 1 to 100 letters, digits and . _ - / : and begin with a letter or a"
              + " digit, was \""
              + (name.length() > 120 ? name.substring(0, 120) + "…" : name)
              + "\"");
    }
    return name;
  }

  /** Returns a label, or refuses it with a sentence. */
  static String checkTag(String tag) {
    if (tag.isBlank() || tag.length() > 100) {
      throw new IllegalArgumentException(
          "tag must have 1 to 100 characters that are not all blank, was \""
              + (tag.length() > 120 ? tag.substring(0, 120) + "…" : tag)
              + "\"");
    }
    return tag;
  }
}
