// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import dev.belfry.CancelResult;
import dev.belfry.RunHandle;
import dev.belfry.admin.operations.RunAnswer.Result;
import dev.belfry.http.Principal;
import dev.belfry.http.routing.Problem;
import dev.belfry.run.Page;
import dev.belfry.run.Run;
import dev.belfry.run.RunId;
import dev.belfry.run.RunQuery;
import dev.belfry.store.RunRecord;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * The runs. Thread-safe.
 *
 * <p>A confined principal sees the runs with one of their tags; for them all others are not there.
 */
public final class RunDesk {
  private static final int MOST_REASON = 500;

  private final Ground ground;

  RunDesk(Ground ground) {
    this.ground = ground;
  }

  /** Returns a page of runs, newest first. */
  public Page<Run> list(Principal who, RunQuery query) {
    return ground.runs(who, query).map(record -> ground.redaction().run(record.run()));
  }

  /** Returns how many runs a filter lets through, to say so before something is done to them. */
  public RunCount count(Principal who, RunQuery filter) {
    Page<RunRecord> found = ground.runs(who, all(filter));
    return new RunCount(found.items().size(), found.more());
  }

  private static RunQuery all(RunQuery filter) {
    return new RunQuery(
        filter.job(),
        filter.statuses(),
        filter.schedule(),
        filter.tag(),
        filter.key(),
        filter.error(),
        filter.from(),
        filter.to(),
        Optional.empty(),
        Limits.MOST);
  }

  /**
   * Returns all that there is to see of a run.
   *
   * @throws Problem 404 if there is no such run
   */
  public RunDetail get(Principal who, RunId id) {
    return RunReading.of(ground, who, ground.run(who, id));
  }

  /**
   * Asks a run to end.
   *
   * @param reason why, at most 500 characters; may be empty
   * @throws Problem 404 if there is no such run, 409 if it has ended
   */
  public RunAnswer cancel(Principal who, RunId id, String reason) {
    String said = reason(who, reason);
    return one(who, "run.cancel", id, run -> cancelled(run, said));
  }

  /**
   * Asks runs to end.
   *
   * @param reason why, at most 500 characters; may be empty
   * @return what became of each
   * @throws Problem 409 {@code count-differs} if a filter lets through more or fewer runs than was
   *     expected; 422 if they are more than 1,000. Nothing is done then
   */
  public List<RunAnswer> cancel(Principal who, Selection runs, String reason) {
    String said = reason(who, reason);
    return each(who, "run.cancel", runs, run -> cancelled(run, said));
  }

  /**
   * Has a run done again: one that waits for its next attempt or is blocked, at once; one that has
   * ended, as a new run.
   *
   * @throws Problem 404 if there is no such run, 409 if it is running or waiting
   */
  public RunAnswer retry(Principal who, RunId id) {
    return one(who, "run.retry", id, run -> retried(run, who));
  }

  /**
   * Has runs done again, as {@link #retry(Principal, RunId)} and with the problems of {@link
   * #cancel(Principal, Selection, String)}.
   *
   * @return what became of each
   */
  public List<RunAnswer> retry(Principal who, Selection runs) {
    return each(who, "run.retry", runs, run -> retried(run, who));
  }

  private static String reason(Principal who, String reason) {
    if (reason.length() > MOST_REASON) {
      throw Problem.invalid(
          "/reason",
          "a reason must have at most " + MOST_REASON + " characters, had " + reason.length());
    }
    return reason.isBlank() ? "asked by " + who.name() : who.name() + ": " + reason.strip();
  }

  private RunAnswer cancelled(RunId run, String reason) {
    CancelResult result = ground.client().cancel(run, reason);
    return switch (result) {
      case REQUESTED -> answer(run, Result.DONE, "run " + run + " is asked to end");
      case ALREADY_REQUESTED -> answer(run, Result.REPEATED, "run " + run + " was asked before");
      case ALREADY_ENDED -> answer(run, Result.CONFLICT, "run " + run + " has ended");
      case UNKNOWN -> notFound(run);
    };
  }

  private RunAnswer retried(RunId run, Principal who) {
    try {
      RunHandle handle = ground.client().retry(run, who.name());
      return new RunAnswer(
          run, Result.DONE, "run " + handle.id() + " will start", Optional.of(handle.id()));
    } catch (IllegalStateException conflict) {
      return answer(run, Result.CONFLICT, String.valueOf(conflict.getMessage()));
    } catch (IllegalArgumentException gone) {
      return notFound(run);
    }
  }

  private static RunAnswer notFound(RunId run) {
    return answer(run, Result.NOT_FOUND, "there is no such run");
  }

  private static RunAnswer answer(RunId run, Result result, String detail) {
    return new RunAnswer(run, result, detail, Optional.empty());
  }

  private RunAnswer one(Principal who, String action, RunId id, Function<RunId, RunAnswer> what) {
    Run run = ground.run(who, id).run();
    Change change =
        Change.of(action, "run " + id)
            .from(Json.object().put("job", run.job()).put("status", run.status()).text());
    return ground.act(
        who,
        change,
        () -> done(what.apply(id)),
        answer -> answer.run().map(next -> Json.object().put("run", next).text()));
  }

  private static RunAnswer done(RunAnswer answer) {
    return switch (answer.result()) {
      case DONE, REPEATED -> answer;
      case CONFLICT -> throw Problem.of(409, "conflict", answer.detail());
      case NOT_FOUND -> throw Problem.notFound("run");
    };
  }

  private List<RunAnswer> each(
      Principal who, String action, Selection selection, Function<RunId, RunAnswer> what) {
    List<RunId> wanted = wanted(who, selection);
    Collection<RunId> seen = who.isConfined() ? ground.runs(who, wanted).keySet() : wanted;
    if (seen.isEmpty()) {
      return wanted.stream().map(RunDesk::notFound).toList();
    }
    Change change =
        Change.of(action, seen.size() + " runs")
            .from(Json.object().put("runs", seen.stream().sorted().toList()).text());
    return ground.act(
        who,
        change,
        () ->
            wanted.stream()
                .map(run -> seen.contains(run) ? what.apply(run) : notFound(run))
                .toList(),
        RunDesk::counts);
  }

  private List<RunId> wanted(Principal who, Selection selection) {
    if (selection instanceof Selection.Ids some) {
      Limits.check("/ids", some.ids().size(), Limits.MOST);
      return some.ids();
    }
    var matching = (Selection.Matching) selection;
    Page<RunRecord> found = ground.runs(who, all(matching.filter()));
    long runs = found.items().size();
    if (found.more()) {
      throw Problem.invalid(
          "/filter",
          "more than "
              + Limits.MOST
              + " runs match, and no more are taken at once; narrow the filter, by time perhaps");
    } else if (runs != matching.expectedCount()) {
      throw Problem.of(
          409,
          "count-differs",
          runs
              + " runs match, "
              + matching.expectedCount()
              + " were expected; nothing was done, look again");
    }
    return found.items().stream().map(record -> record.run().id()).toList();
  }

  private static Optional<String> counts(List<RunAnswer> answers) {
    Json json = Json.object();
    for (Result result : Result.values()) {
      long count = answers.stream().filter(answer -> answer.result() == result).count();
      json.put(result.name().toLowerCase(Locale.ROOT).replace('_', '-'), count);
    }
    return Optional.of(json.text());
  }
}
