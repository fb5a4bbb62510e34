// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import static java.util.Objects.requireNonNull;

/**
 * A change of a record, guarded by the version that its writer has seen: it is REFUSED if the
 * record has another one by now, and REPEATED if it was applied before.
 */
public sealed interface RecordWrite {
  /** The most characters of a kind. */
  int MAX_KIND = 40;

  /** Returns the record's kind. */
  String kind();

  /** Returns the record's id. */
  String id();

  /** Returns the version that the writer has seen. */
  long version();

  /**
   * Makes or replaces a record. Applied, it has the version that follows on {@code version}.
   *
   * @param kind its kind, 1 to 40 characters
   * @param id its id, 1 to 200 characters
   * @param version the version seen; 0 if there was none
   * @param content what it shall say
   */
  record Put(String kind, String id, long version, RecordContent content) implements RecordWrite {
    /** Checks the text. */
    public Put {
      requireNonNull(content, "content");
      Bound.name("kind of a record", kind, MAX_KIND);
      Bound.name("id of a record", id, Bound.NAME);
    }
  }

  /**
   * Deletes a record. Repeated if it is gone.
   *
   * @param kind its kind
   * @param id its id
   * @param version the version seen
   */
  record Delete(String kind, String id, long version) implements RecordWrite {}
}
