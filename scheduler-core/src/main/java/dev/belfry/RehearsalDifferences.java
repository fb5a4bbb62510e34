// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.RehearsedPass.End;
import dev.belfry.RehearsedPass.Returned;
import dev.belfry.RehearsedPass.Suspended;
import dev.belfry.RehearsedPass.Threw;
import dev.belfry.run.Failure;
import dev.belfry.store.Memo;
import dev.belfry.store.MemoKind;
import dev.belfry.store.NewMemo;
import dev.belfry.store.Payload;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Says where a rehearsed pass went another way than the run that was recorded. */
final class RehearsalDifferences {
  private static final int SHOWN = 200;

  private final RecordedRun recorded;
  private final RecordedCourse course;
  private final RehearsedPass pass;
  private final List<Memo> unmet;

  RehearsalDifferences(RecordedRun recorded, RecordedCourse course, RehearsedPass pass) {
    this.recorded = recorded;
    this.course = course;
    this.pass = pass;
    this.unmet = course.unmet(pass);
  }

  List<String> all() {
    var all = new ArrayList<>(pass.faults());
    pass.swallowed()
        .ifPresent(
            words ->
                all.add(
                    "the code goes on though it is suspended on "
                        + words
                        + ": it catches Throwable; let the Error pass"));
    if (!pass.isBroken()) {
      pass.stops().forEach(stop -> ofStop(stop).ifPresent(all::add));
      if (pass.stops().isEmpty()) {
        addEnd(all);
      }
    }
    return all;
  }

  /** Says nothing of parts behind the place where the code throws, and the run did not. */
  private void addEnd(List<String> all) {
    Optional<String> end = ofEnd();
    if (end.isEmpty() || !(pass.end() instanceof Threw)) {
      unmet.forEach(memo -> all.add(words(memo) + " is stored, and this code did not come by it"));
    }
    end.ifPresent(all::add);
  }

  private String words(Memo memo) {
    return course
        .waited(memo.key(), memo.kind())
        .filter(words -> memo.kind() != MemoKind.MAP_ITEM)
        .orElseGet(() -> RecordedCourse.words(memo.key(), memo.kind()));
  }

  // Where the code wants something that is not stored

  /** Empty if the run had come no further either. */
  private Optional<String> ofStop(PassWatch.Next next) {
    String words = RecordedCourse.words(next.key(), next.kind()) + " is not stored, and the run ";
    if (!unmet.isEmpty()) {
      return Optional.of(words + "went on to " + first(unmet) + advice(next));
    } else if (course.isCompleted()) {
      return Optional.of(words + "completed without it");
    }
    return course.isSuspended() ? Optional.of(words + course.words()) : Optional.empty();
  }

  private String first(List<Memo> memos) {
    String first = words(memos.get(0));
    return memos.size() == 1 ? first : first + " and " + (memos.size() - 1) + " more";
  }

  private String advice(PassWatch.Next next) {
    String added = "what is new for runs under way asks ctx.version";
    return unmet.stream()
        .filter(memo -> memo.kind() == next.kind() && memo.type().equals(next.type()))
        .filter(memo -> memo.key().scope().equals(next.key().scope()))
        .filter(memo -> memo.kind() == MemoKind.STEP)
        .findFirst()
        .map(memo -> "; if it is a new name, say StepOptions.formerly(\"" + memo.key().id() + "\")")
        .map(renamed -> renamed + ", and " + added)
        .orElse("; " + added);
  }

  // Where the code comes to an end

  private Optional<String> ofEnd() {
    End end = pass.end();
    Optional<String> same = Optional.empty();
    if (course.isCompleted()) {
      return isRecordedResult(end) ? same : Optional.of("the run completed" + with() + but(end));
    } else if (course.isSuspended()) {
      return isRecordedSuspension(end) ? same : Optional.of("the run " + course.words() + but(end));
    } else if (course.failure().isPresent()) {
      return isRecordedFailure(end) ? same : Optional.of("the run " + course.words() + but(end));
    }
    return same; // it was cut short, and what it would have come to is not known
  }

  private boolean isRecordedResult(End end) {
    Optional<Payload> result = recorded.result().map(RecordedBytes::payload);
    return end instanceof Returned returned && result.equals(Optional.of(returned.result()));
  }

  private boolean isRecordedSuspension(End end) {
    return end instanceof Suspended suspended
        && suspendedOn(suspended).equals(course.suspendedOn());
  }

  private boolean isRecordedFailure(End end) {
    Failure failure = course.failure().orElseThrow();
    if (end instanceof Threw threw) {
      Failure present = Failure.of(threw.thrown());
      return present.type().equals(failure.type()) && present.message().equals(failure.message());
    }
    return false;
  }

  private Set<String> suspendedOn(Suspended suspended) {
    var on = new LinkedHashSet<String>();
    for (NewMemo memo : suspended.on().on()) {
      course.waited(memo.key(), memo.kind()).ifPresent(on::add);
    }
    return on;
  }

  private String with() {
    return recorded.result().map(result -> " with " + shown(result.payload())).orElse("");
  }

  private String but(End end) {
    if (end instanceof Returned returned) {
      return ", and this code completes with " + shown(returned.result());
    } else if (end instanceof Suspended suspended) {
      return ", and this code waits for " + String.join(" and ", suspendedOn(suspended));
    }
    return ", and this code throws " + Failure.of(((Threw) end).thrown());
  }

  private static String shown(Payload payload) {
    String text = payload.toString();
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }
}
