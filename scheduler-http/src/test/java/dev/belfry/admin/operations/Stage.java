// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import static java.util.Objects.requireNonNull;

import dev.belfry.Job;
import dev.belfry.Plugin;
import dev.belfry.PluginContext;
import dev.belfry.http.Principal;
import dev.belfry.http.Scope;
import dev.belfry.http.routing.Problem;
import dev.belfry.testkit.TestScheduler;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** A scheduler on virtual time, and the operations on it. */
final class Stage implements AutoCloseable {
  static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
  static final Principal ADA = Principal.of("ada", Scope.ADMIN);
  static final Principal RED = Principal.of("red", Scope.ADMIN).confinedTo("red");
  static final Principal BLUE = Principal.of("blue", Scope.ADMIN).confinedTo("blue", "navy");

  final TestScheduler time = TestScheduler.start(NOON);
  final PluginContext context;
  final Audit audit;
  final Operations operations;

  private final List<PluginContext> contexts = new ArrayList<>();

  Stage(Job<?>... jobs) {
    var plugin =
        new Plugin() {
          @Override
          public void started(PluginContext context) {
            contexts.add(context);
          }
        };
    time.configure(builder -> builder.with(plugin));
    time.register(jobs);
    time.scheduler();
    this.context = requireNonNull(contexts.get(contexts.size() - 1));
    this.audit = Audit.of(context.store(), context.host().random(), Redaction.standard());
    this.operations = Operations.of(context, audit);
  }

  RunDesk runs() {
    return operations.runs();
  }

  JobDesk jobs() {
    return operations.jobs();
  }

  ScheduleDesk schedules() {
    return operations.schedules();
  }

  /** Returns the audit log, oldest first: who, what, to what, and what became of it. */
  List<String> log() {
    var rows = new ArrayList<>(operations.audit(ADA, Optional.empty(), 100).items());
    Collections.reverse(rows);
    return rows.stream()
        .map(row -> row.actor() + " " + row.action() + " " + row.target() + ": " + row.outcome())
        .toList();
  }

  /** Returns what is thrown, in a line. */
  static String problem(Supplier<?> action) {
    try {
      return "none, but " + action.get();
    } catch (Problem problem) {
      return problem.status()
          + " "
          + problem.code()
          + ": "
          + problem.detail()
          + (problem.faults().isEmpty() ? "" : " at " + problem.faults().get(0).pointer());
    }
  }

  static String problem(Runnable action) {
    return problem(
        () -> {
          action.run();
          return "done";
        });
  }

  @Override
  public void close() {
    time.close();
  }
}
