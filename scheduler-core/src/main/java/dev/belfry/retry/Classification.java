// SPDX-License-Identifier: Apache-2.0
package dev.belfry.retry;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The rules of a policy about kinds of failures. The order they apply in is the policy's. */
record Classification(List<Rule> rules, List<Predicate<? super Throwable>> failTests) {
  static final Classification NONE = new Classification(List.of(), List.of());

  /** What a type of failure leads to. */
  record Rule(Class<? extends Throwable> type, Outcome outcome) {}

  Classification with(Outcome outcome, List<Class<? extends Throwable>> types) {
    List<Rule> all = new ArrayList<>(rules);
    for (Class<? extends Throwable> type : types) {
      all.add(new Rule(type, outcome));
    }
    return new Classification(List.copyOf(all), failTests);
  }

  Classification with(Predicate<? super Throwable> test) {
    List<Predicate<? super Throwable>> all = new ArrayList<>(failTests);
    all.add(test);
    return new Classification(rules, List.copyOf(all));
  }

  Verdict judge(Throwable failure) {
    List<Throwable> chain = chain(failure);
    return signal(chain)
        .or(() -> tested(chain))
        .or(() -> ruled(chain))
        .orElseGet(() -> new Verdict(othersFail() ? Outcome.FAIL : Outcome.RETRY, failure));
  }

  private static Optional<Verdict> signal(List<Throwable> chain) {
    for (Throwable link : chain) {
      if (link instanceof SnoozeException) {
        return Optional.of(new Verdict(Outcome.SNOOZE, link));
      }
      if (link instanceof NonRetryableException) {
        return Optional.of(new Verdict(Outcome.FAIL, link));
      }
      if (link instanceof RetryAfterException) {
        return Optional.of(new Verdict(Outcome.RETRY, link));
      }
    }
    return Optional.empty();
  }

  private Optional<Verdict> tested(List<Throwable> chain) {
    return chain.stream()
        .filter(link -> failTests.stream().anyMatch(test -> passes(test, link)))
        .findFirst()
        .map(link -> new Verdict(Outcome.FAIL, link));
  }

  /** A test that throws must not keep the failure from being handled. */
  private static boolean passes(Predicate<? super Throwable> test, Throwable link) {
    try {
      return test.test(link);
    } catch (RuntimeException e) {
      return false;
    }
  }

  private Optional<Verdict> ruled(List<Throwable> chain) {
    for (Throwable link : chain) {
      Rule rule = mostSpecific(link);
      if (rule != null) {
        return Optional.of(new Verdict(rule.outcome(), link));
      }
    }
    return Optional.empty();
  }

  private @Nullable Rule mostSpecific(Throwable link) {
    Rule best = null;
    for (Rule rule : rules) {
      boolean better = best == null || best.type().isAssignableFrom(rule.type());
      if (rule.type().isInstance(link) && better) {
        best = rule;
      }
    }
    return best;
  }

  private boolean othersFail() {
    return rules.stream().anyMatch(rule -> rule.outcome() == Outcome.RETRY);
  }

  /** The failure and its causes, outermost first; ends where a chain bites its own tail. */
  private static List<Throwable> chain(Throwable failure) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Throwable> chain = new ArrayList<>();
    for (Throwable link = failure; link != null && seen.add(link); link = link.getCause()) {
      chain.add(link);
    }
    return chain;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Rule rule : rules) {
      text.append(", ").append(rule.outcome()).append(" on ").append(rule.type().getName());
    }
    return text.append(failTests.isEmpty() ? "" : ", FAIL by " + failTests.size() + " tests")
        .toString();
  }
}
