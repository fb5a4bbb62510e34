// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.RunId;
import dev.belfry.run.TypeRef;
import dev.belfry.store.MemoKey;
import dev.belfry.store.MemoKind;
import dev.belfry.store.MemoValue;
import dev.belfry.store.NewMemo;
import dev.belfry.store.Payload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Values that a handler draws, and gets again in every later pass. */
final class PassValues {
  /*
   * What chance decides follows from the run and the number of the draw, so it need not be stored.
   * Times and versions are stored, with the next memo: until then nothing can depend on them.
   */
  private static final TypeRef<Instant> INSTANT = TypeRef.of(Instant.class);
  private static final TypeRef<Integer> INT = TypeRef.of(Integer.class);

  private final PassFrame frame;
  private final PassMemos memos;
  private final Payloads payloads;
  private final Map<String, Integer> draws = new HashMap<>();

  PassValues(PassFrame frame, PassMemos memos) {
    this.frame = frame;
    this.memos = memos;
    this.payloads = frame.payloads();
  }

  private int next(String sort) {
    memos.check();
    return draws.merge(sort, 1, Integer::sum) - 1;
  }

  Instant now() {
    var key = new MemoKey(MemoScopes.own(memos.scope(), "now"), "now", next("now"));
    return stored(key, INSTANT, frame.storeTime());
  }

  RandomGenerator random() {
    return new Draws(bits("random", next("random"), 0));
  }

  UUID uuid() {
    int number = next("uuid");
    return new UUID(
        (bits("uuid", number, 0) & ~0xf000L) | 0x4000L,
        (bits("uuid", number, 1) & 0x3fffffffffffffffL) | 0x8000000000000000L);
  }

  private long bits(String sort, int number, int word) {
    String hash =
        Hashes.sha256(frame.claim().id().toString(), memos.scope(), sort, Integer.toString(number));
    return HexFormat.fromHexDigitsToLong(hash, word * 16, word * 16 + 16);
  }

  /** Returns the id of something that a part makes, so that it makes it once. */
  static RunId idFor(RunId run, MemoKey part) {
    return idFor(run, part.scope(), part.id(), Integer.toString(part.occurrence()));
  }

  /** Returns the id of something that follows from a run, so that it is made once. */
  static RunId idFor(RunId run, String... what) {
    var words = new ArrayList<>(List.of(run.toString()));
    words.addAll(List.of(what));
    String hash = Hashes.sha256(words.toArray(String[]::new));
    return RunId.of(
        run.value().getMostSignificantBits() >>> 16, // a child sorts beside its parent
        HexFormat.fromHexDigits(hash, 0, 3),
        HexFormat.fromHexDigitsToLong(hash, 3, 19));
  }

  /** Returns a version of the code at a place: the newest for a run that comes by first. */
  int version(String change, int min, int max) {
    memos.check();
    if (min > max) {
      throw new IllegalArgumentException(
          "versions of \"" + change + "\" must be min to max, was " + min + " to " + max);
    }
    var key = new MemoKey(MemoScopes.own(memos.scope(), "version"), change, 0);
    boolean wasHere = memos.run().peek(key).isEmpty() && memos.run().isBehind(memos.scope());
    int version = stored(key, INT, wasHere ? min : max);
    if (version < min || version > max) {
      throw new IllegalStateException(
          "run "
              + frame.claim().id()
              + " came by change \""
              + change
              + "\" with version "
              + version
              + "; this code knows "
              + min
              + " to "
              + max);
    }
    return version;
  }

  private <T> T stored(MemoKey key, TypeRef<T> type, T fresh) {
    Optional<Payload> before = memos.run().result(key);
    if (before.isPresent()) {
      return payloads.decode(type, before.get());
    }
    Payload payload = payloads.encode(key.id(), type, fresh);
    memos
        .run()
        .later(
            NewMemo.settled(key, MemoKind.STEP, TypeWords.of(type), new MemoValue.Result(payload)));
    return fresh;
  }

  /** SplitMix64: small, and good enough for what is neither secret nor statistics. */
  private static final class Draws implements RandomGenerator {
    private long state;

    Draws(long seed) {
      this.state = seed;
    }

    @Override
    public long nextLong() {
      state += 0x9e3779b97f4a7c15L;
      long mixed = (state ^ (state >>> 30)) * 0xbf58476d1ce4e5b9L;
      mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
      return mixed ^ (mixed >>> 31);
    }
  }
}
