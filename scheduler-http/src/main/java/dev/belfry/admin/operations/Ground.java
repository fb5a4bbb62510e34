// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import dev.belfry.JobView;
import dev.belfry.PluginContext;
import dev.belfry.SchedulerClient;
import dev.belfry.http.Principal;
import dev.belfry.http.routing.Problem;
import dev.belfry.run.Page;
import dev.belfry.run.RunId;
import dev.belfry.run.RunQuery;
import dev.belfry.store.JobStore;
import dev.belfry.store.RunRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** What all operations stand on: the scheduler, and who may see what of it. Thread-safe. */
final class Ground {
  /** What an explanation tells of nodes, which is nothing for those who see no nodes. */
  private static final Pattern NODES = Pattern.compile("; live nodes know \\[[^\\]]*\\]");

  private final PluginContext context;
  private final Audit audit;
  private final Redaction redaction;
  private final List<JobView> jobs;
  private final Cache cache;

  Ground(PluginContext context, Audit audit, Redaction redaction) {
    this.context = context;
    this.audit = audit;
    this.redaction = redaction;
    this.jobs = context.jobs();
    this.cache = new Cache(context.host());
  }

  PluginContext context() {
    return context;
  }

  SchedulerClient client() {
    return context.client();
  }

  JobStore store() {
    return context.store();
  }

  Audit audit() {
    return audit;
  }

  Redaction redaction() {
    return redaction;
  }

  Cache cache() {
    return cache;
  }

  /** Does something that people will want to know who did it. */
  <T> T act(
      Principal who, Change change, Supplier<T> act, Function<? super T, Optional<String>> after) {
    try {
      return audit.record(who, change, act, after);
    } finally {
      cache.clear();
    }
  }

  /** As above, of something whose outcome has no further news. */
  void act(Principal who, Change change, Runnable act) {
    act(
        who,
        change,
        () -> {
          act.run();
          return "";
        },
        done -> Optional.empty());
  }

  // Who sees what

  static boolean sees(Principal who, Collection<String> tags) {
    return !who.isConfined() || tags.stream().anyMatch(who.tags()::contains);
  }

  /** Refuses what concerns more than what a confined principal sees. */
  static void refuseConfined(Principal who, String what) {
    if (who.isConfined()) {
      throw Problem.of(403, "confined", "only somebody who is not confined to tags may " + what);
    }
  }

  /** Returns the jobs that this node knows, as far as somebody sees them. */
  List<JobView> jobs(Principal who) {
    return jobs.stream().filter(job -> sees(who, job.tags())).toList();
  }

  /** Returns a job by its present or a former name. */
  Optional<JobView> job(Principal who, String name) {
    return jobs(who).stream().filter(job -> job.names().contains(name)).findFirst();
  }

  /** Returns whether somebody sees what belongs to a job, whether this node knows it or not. */
  boolean seesJob(Principal who, String name) {
    return !who.isConfined() || job(who, name).isPresent();
  }

  /** Returns whether there is a job that somebody sees, on this node or elsewhere. */
  boolean isKnown(Principal who, String name) {
    if (who.isConfined() || job(who, name).isPresent()) {
      return job(who, name).isPresent();
    }
    return store().catalog().lanes().stream().anyMatch(lane -> lane.job().equals(name));
  }

  boolean isQueue(String name) {
    return context.workers().containsKey(name)
        || store().catalog().lanes().stream().anyMatch(lane -> lane.queue().equals(name));
  }

  /** Returns the present name of a job of which a present or former one is given. */
  String presentName(String name) {
    return jobs.stream()
        .filter(job -> job.names().contains(name))
        .findFirst()
        .map(JobView::name)
        .orElse(name);
  }

  /** Returns an explanation for people, without what they are not to see. */
  String explanation(Principal who, String sentence) {
    String shown = redaction.text(sentence);
    return who.isConfined() ? NODES.matcher(shown).replaceAll("") : shown;
  }

  // Runs

  RunRecord run(Principal who, RunId id) {
    return runs(who, List.of(id)).values().stream()
        .findFirst()
        .orElseThrow(() -> Problem.notFound("run"));
  }

  /** Returns runs by id, those that there are and that somebody sees. */
  Map<RunId, RunRecord> runs(Principal who, Collection<RunId> ids) {
    var found = new TreeMap<RunId, RunRecord>();
    if (!ids.isEmpty()) {
      for (RunRecord record : store().runs(ids)) {
        if (sees(who, record.run().tags())) {
          found.put(record.run().id(), record);
        }
      }
    }
    return found;
  }

  /** Returns runs, newest first: of a confined principal, those with one of their tags. */
  Page<RunRecord> runs(Principal who, RunQuery query) {
    if (!who.isConfined() || query.tag().filter(who.tags()::contains).isPresent()) {
      return store().runs(query);
    }
    return query.tag().isPresent() ? sifted(who, query) : merged(who, query);
  }

  /** The store looks for one tag only; so it looks for the wanted one, and theirs is seen here. */
  private Page<RunRecord> sifted(Principal who, RunQuery query) {
    var seen = new ArrayList<RunRecord>();
    RunQuery rest = query;
    while (true) {
      Page<RunRecord> page = store().runs(rest);
      page.items().stream().filter(record -> sees(who, record.run().tags())).forEach(seen::add);
      if (!page.more() || seen.size() > query.limit()) {
        return Page.of(seen.subList(0, Math.min(seen.size(), query.limit() + 1)), query.limit());
      }
      rest = rest.olderThan(page.items().get(page.items().size() - 1).run().id());
    }
  }

  /** A page of each tag holds the newest runs of it, so together they hold the newest of all. */
  private Page<RunRecord> merged(Principal who, RunQuery query) {
    var found = new TreeMap<RunId, RunRecord>(Comparator.reverseOrder());
    boolean more = false;
    for (String tag : who.tags()) {
      Page<RunRecord> page = store().runs(query.tagged(tag));
      page.items().forEach(record -> found.put(record.run().id(), record));
      more |= page.more();
    }
    List<RunRecord> newest = found.values().stream().limit(query.limit()).toList();
    return new Page<>(newest, more || found.size() > newest.size());
  }
}
