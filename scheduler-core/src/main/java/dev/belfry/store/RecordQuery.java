// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import java.util.Optional;

/**
 * Which records to list.
 *
 * @param kind their kind
 * @param attribute what one of their attributes must be
 * @param after the id after which the list goes on
 * @param limit the most to return
 */
public record RecordQuery(
    String kind, Optional<Attribute> attribute, Optional<String> after, int limit) {
  /**
   * An attribute of a certain value.
   *
   * @param place its place, from 0
   * @param value the value, compared exactly
   */
  public record Attribute(int place, String value) {
    /** Checks the place. */
    public Attribute {
      if (place < 0 || place >= RecordContent.MAX_ATTRIBUTES) {
        throw new IllegalArgumentException("place must be 0 to 2, was " + place);
      }
    }
  }

  /** Checks the limit. */
  public RecordQuery {
    if (limit < 1) {
      throw new IllegalArgumentException("limit must be at least 1, was " + limit);
    }
  }

  /** Returns a query for all records of a kind, from the first on. */
  public static RecordQuery of(String kind, int limit) {
    return new RecordQuery(kind, Optional.empty(), Optional.empty(), limit);
  }

  /** Returns this query for records with an attribute of a certain value. */
  public RecordQuery with(int place, String value) {
    return new RecordQuery(kind, Optional.of(new Attribute(place, value)), after, limit);
  }

  /** Returns this query from an id on, which is left out. */
  public RecordQuery after(String id) {
    return new RecordQuery(kind, attribute, Optional.of(id), limit);
  }
}
