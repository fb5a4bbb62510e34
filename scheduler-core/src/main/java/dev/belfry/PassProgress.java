// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.store.Memo;
import dev.belfry.store.MemoKey;
import dev.belfry.store.MemoKind;
import dev.belfry.store.MemoValue;
import dev.belfry.store.MemoWrite;
import dev.belfry.store.NewMemo;
import dev.belfry.store.StoreException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says how far a run is, while it runs. Thread-safe. */
final class PassProgress {
  /*
   * A memo that is never settled gives way to the next one. At most one a second is written, and
   * the last one in any case; if the store does not take it, nothing is lost but a number.
   */
  private static final Logger log = LoggerFactory.getLogger(JobContext.class);
  private static final MemoKey KEY = new MemoKey(MemoScopes.own("", "run"), "progress", 0);
  private static final long PAUSE = Duration.ofSeconds(1).toNanos();

  private final PassFrame frame;
  private boolean said; // guarded by this
  private long lastNanos; // guarded by this

  PassProgress(PassFrame frame) {
    this.frame = frame;
  }

  void say(long done, long total) {
    if (done < 0 || total < 0 || (total > 0 && done > total)) {
      throw new IllegalArgumentException(
          "progress must be 0 to its total, was " + done + " of " + total);
    }
    if (isTime() || done == total) {
      write(done, total);
    }
  }

  private synchronized boolean isTime() {
    long now = frame.host().nanoTime();
    boolean time = !said || now - lastNanos >= PAUSE;
    if (time) {
      said = true;
      lastNanos = now;
    }
    return time;
  }

  private void write(long done, long total) {
    var memo =
        new NewMemo(
            KEY,
            MemoKind.PROGRESS,
            done + "/" + total,
            MemoValue.pending(),
            0,
            Optional.empty(),
            Optional.empty());
    try {
      frame
          .writer()
          .write(
              frame.node(),
              List.of(new MemoWrite(frame.claim().id(), frame.claim().fence(), memo)));
    } catch (StoreException e) {
      log.debug("the progress of run {} was not written", frame.claim().id(), e);
    }
  }

  /** Returns the progress among the memos of a run, if it has said any. */
  static Optional<Progress> of(Collection<Memo> memos) {
    return memos.stream()
        .filter(memo -> memo.kind() == MemoKind.PROGRESS)
        .findFirst()
        .map(
            memo -> {
              int slash = memo.type().indexOf('/');
              return new Progress(
                  Long.parseLong(memo.type().substring(0, slash)),
                  Long.parseLong(memo.type().substring(slash + 1)),
                  memo.writtenAt());
            });
  }
}
