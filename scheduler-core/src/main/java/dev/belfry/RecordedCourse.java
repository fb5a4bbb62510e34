// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.Failure;
import dev.belfry.run.Pass;
import dev.belfry.run.Status;
import dev.belfry.store.Memo;
import dev.belfry.store.MemoKey;
import dev.belfry.store.MemoKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** How far a recorded run has come: what can be said of its end, and what it waits for. */
final class RecordedCourse {
  /*
   * A sleep has no other memo than its end. One that had come at the end of the last pass was gone
   * by, all others the run waits for; unless a part was settled since, as then it is to go on.
   */
  private static final Comparator<Memo> ORDER = // at one time, what is over before what goes on
      Comparator.comparing(Memo::writtenAt).thenComparing(memo -> !memo.value().isSettled());

  private final RecordedRun recorded;
  private final List<Memo> memos;
  private final Set<String> paths;

  RecordedCourse(RecordedRun recorded) {
    this.recorded = recorded;
    this.memos =
        recorded.memos().stream()
            .filter(memo -> memo.kind() != MemoKind.PROGRESS)
            .sorted(ORDER)
            .toList();
    this.paths = memos.stream().map(memo -> MemoScopes.in(memo.key())).collect(Collectors.toSet());
  }

  boolean hasParts() {
    return !memos.isEmpty();
  }

  // In words

  /**
   * Returns a part for people: what it is, its id, and where it stands if that is inside another.
   */
  static String words(MemoKey key, MemoKind kind) {
    String use = key.occurrence() == 0 ? "" : ", use " + (key.occurrence() + 1);
    String place = key.scope().isEmpty() ? "" : " in \"" + key.scope() + "\"";
    String title =
        kind == MemoKind.MAP_ITEM ? "item \"" + key.id() + "\"" : PassMemos.words(kind, key.id());
    return title + use + place;
  }

  /** Returns what had become of the run. */
  String words() {
    if (isSuspended()) {
      return "waits for " + String.join(" and ", suspendedOn());
    } else if (failure().isPresent()) {
      return "failed with " + failure().get();
    }
    return "was " + recorded.status().name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  // The end

  boolean isCompleted() {
    return recorded.status() == Status.COMPLETED;
  }

  /** Returns what the handler threw in its last pass, if that was the end of the pass. */
  Optional<Failure> failure() {
    boolean thrown =
        recorded
            .lastPass()
            .filter(end -> end == Pass.Event.FAILED || end == Pass.Event.RETRIED)
            .isPresent();
    return recorded
        .failure()
        .filter(failure -> thrown && recorded.status() != Status.RUNNING)
        .filter(failure -> !failure.trace().isEmpty()); // else nobody threw it
  }

  /** Returns whether the run was suspended, and nothing had come that lets it go on. */
  boolean isSuspended() {
    boolean waits =
        (recorded.status() == Status.WAITING || recorded.status() == Status.SCHEDULED)
            && recorded.lastPass().filter(Pass.Event.SUSPENDED::equals).isPresent();
    boolean woken =
        memos.stream()
            .anyMatch(memo -> memo.value().isSettled() && memo.writtenAt().isAfter(recorded.at()));
    return waits && !woken && !suspendedOn().isEmpty();
  }

  /** Returns what the run waits for. */
  Set<String> suspendedOn() {
    var on = new LinkedHashSet<String>();
    for (Memo memo : memos) {
      boolean open =
          memo.until().map(end -> end.isAfter(recorded.at())).orElse(memo.kind().waits());
      if (open && !memo.value().isSettled()) {
        waited(memo.key(), memo.kind()).ifPresent(on::add);
      }
    }
    return on;
  }

  /**
   * Returns what somebody waits for who is suspended on a memo: a map for any of its items, a wait
   * that looks for itself for all that stands beside it; empty if another memo stands for it.
   */
  Optional<String> waited(MemoKey key, MemoKind kind) {
    if (MemoScopes.isLook(key.scope())) {
      return look(key);
    }
    return Optional.of(
        kind == MemoKind.MAP_ITEM ? "an item of \"" + key.scope() + "\"" : words(key, kind));
  }

  private Optional<String> look(MemoKey key) {
    String path = MemoScopes.around(key.scope());
    return paths.contains(path) ? Optional.empty() : Optional.of("a look of \"" + path + "\"");
  }

  // Its parts

  /** Returns the stored parts that a pass has not met, without those inside of one of them. */
  List<Memo> unmet(RehearsedPass pass) {
    var unmet = new ArrayList<Memo>();
    var outer = new ArrayList<String>();
    Set<String> looks = looksMet(pass);
    for (Memo memo : memos) {
      String scope = memo.key().scope();
      if (!MemoScopes.isOwn(scope)) {
        if (!pass.hasMet(memo.key())) {
          outer.add(MemoScopes.in(memo.key()));
          unmet.add(memo);
        }
      } else if (MemoScopes.isLook(scope) && look(memo.key()).isPresent() && looks.add(scope)) {
        unmet.add(memo); // one stands for all looks of a wait
      }
    }
    unmet.removeIf(memo -> outer.stream().anyMatch(path -> isInside(memo.key().scope(), path)));
    return unmet;
  }

  private Set<String> looksMet(RehearsedPass pass) {
    return memos.stream()
        .filter(memo -> MemoScopes.isLook(memo.key().scope()) && pass.hasMet(memo.key()))
        .map(memo -> memo.key().scope())
        .collect(Collectors.toSet());
  }

  private static boolean isInside(String scope, String path) {
    return scope.startsWith(path)
        && (scope.length() == path.length() || "/:".indexOf(scope.charAt(path.length())) >= 0);
  }
}
