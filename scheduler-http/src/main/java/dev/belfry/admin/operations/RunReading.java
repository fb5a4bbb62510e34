// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import dev.belfry.admin.operations.RunDetail.Link;
import dev.belfry.admin.operations.RunDetail.Relation;
import dev.belfry.http.Principal;
import dev.belfry.run.Part;
import dev.belfry.run.Pass;
import dev.belfry.run.RunId;
import dev.belfry.run.Trigger;
import dev.belfry.store.RunRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gathers what there is to see of one run. */
final class RunReading {
  private static final Map<Trigger.Kind, Relation> ORIGINS =
      Map.of(
          Trigger.Kind.PARENT,
          Relation.PARENT,
          Trigger.Kind.RETRY,
          Relation.RETRY_OF,
          Trigger.Kind.GROUP,
          Relation.GROUP);

  private final Ground ground;
  private final Redaction redaction;
  private final Principal who;
  private final RunRecord record;

  private RunReading(Ground ground, Principal who, RunRecord record) {
    this.ground = ground;
    this.redaction = ground.redaction();
    this.who = who;
    this.record = record;
  }

  static RunDetail of(Ground ground, Principal who, RunRecord record) {
    return new RunReading(ground, who, record).read();
  }

  private RunDetail read() {
    RunId id = record.run().id();
    List<Part> parts = ground.client().parts(id);
    List<Pass> passes = ground.client().passes(id);
    return new RunDetail(
        redaction.run(record.run()),
        record.fence(),
        redaction.payload(record.input()),
        record.result().map(redaction::payload),
        passes.stream().map(redaction::pass).toList(),
        parts.stream().map(this::detail).toList(),
        ground.client().progress(id),
        ground.explanation(who, ground.client().explain(id)),
        links(parts));
  }

  private PartDetail detail(Part part) {
    String codec = record.input().codec(); // the codec of a scheduler writes both
    if (part.state() instanceof Part.Done done) {
      Shown shown = redaction.shown(done.value(), codec);
      return of(part, new Part.Done(shown.json().orElse("")), Optional.of(shown));
    } else if (part.state() instanceof Part.Received received) {
      Shown shown = redaction.shown(received.data(), codec);
      var clean =
          new Part.Received(
              received.event(),
              received.name(),
              received.key(),
              received.sentAt(),
              shown.json().orElse(""));
      return of(part, clean, Optional.of(shown));
    } else if (part.state() instanceof Part.Failed failed) {
      var clean = new Part.Failed(redaction.failure(failed.failure()));
      return of(part, clean, Optional.empty());
    }
    var pending = (Part.Pending) part.state();
    var clean = new Part.Pending(pending.until(), pending.lastFailure().map(redaction::failure));
    return of(part, clean, Optional.empty());
  }

  private static PartDetail of(Part part, Part.State state, Optional<Shown> value) {
    return new PartDetail(
        new Part(
            part.scope(),
            part.id(),
            part.occurrence(),
            part.kind(),
            part.type(),
            part.tries(),
            state,
            part.child(),
            part.writtenAt()),
        value);
  }

  private List<Link> links(List<Part> parts) {
    var wanted = new LinkedHashMap<RunId, Relation>();
    Trigger trigger = record.run().trigger();
    Optional.ofNullable(ORIGINS.get(trigger.kind()))
        .ifPresent(relation -> trigger.origin().ifPresent(run -> wanted.put(run, relation)));
    parts.stream()
        .flatMap(part -> part.child().stream())
        .limit(Limits.MOST)
        .forEach(child -> wanted.putIfAbsent(child, Relation.CHILD));
    wanted.remove(record.run().id()); // what comes after a group has the group's own id
    Map<RunId, RunRecord> seen = ground.runs(who, wanted.keySet());
    var links = new ArrayList<Link>();
    wanted.forEach(
        (run, relation) ->
            Optional.ofNullable(seen.get(run))
                .ifPresent(other -> links.add(new Link(relation, run, other.run().job()))));
    return links;
  }
}
