// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

/**
 * How many runs may be held by nodes at once, for each key of the limit. Runs that do not fit are
 * put aside until there is room; runs that sleep, wait or wait for a retry take none.
 *
 * @param name its name, unique in the store, 1 to 200 characters
 * @param slots the most runs at once; at least 1
 */
public record Limit(String name, int slots) {
  /** Checks name and slots. */
  public Limit {
    Bound.name("name of a limit", name, Bound.NAME);
    if (slots < 1) {
      throw new IllegalArgumentException(
          "slots of limit \"" + name + "\" must be at least 1, was " + slots);
    }
    if (slots > 1 && name.startsWith(LimitKey.ORDER)) {
      throw new IllegalArgumentException(
          "slots of limit \"" + name + "\", which is an order, must be 1, was " + slots);
    }
  }
}
