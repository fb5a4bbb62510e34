// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.Page;
import java.util.List;
import java.util.Optional;

/**
 * Rows of other modules: their settings, deliveries, tokens. A record has a kind, which is its
 * module's own, an id, a version, and JSON text that the store does not read. Thread-safe; each
 * call is one short transaction, as those of {@link JobStore} are.
 *
 * <p>A record whose time is over is not there any more: neither reads nor writes see it, and a
 * purge deletes it.
 */
public interface Records {
  /** Returns a record, unless there is none. */
  Optional<StoredRecord> get(String kind, String id);

  /** Returns records of one kind in order of id. */
  Page<StoredRecord> list(RecordQuery query);

  /** Writes records in one commit, in order; each guarded by its version alone. */
  List<Verdict> write(List<RecordWrite> writes);
}
