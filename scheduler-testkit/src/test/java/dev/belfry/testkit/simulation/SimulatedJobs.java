// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import dev.belfry.BatchItem;
import dev.belfry.Event;
import dev.belfry.EventMatch;
import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.JobContext;
import dev.belfry.On;
import dev.belfry.ResultJob;
import dev.belfry.StepOptions;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.GroupEnd;
import dev.belfry.schedule.CatchUp;
import dev.belfry.schedule.Overlap;
import dev.belfry.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The jobs of a simulation, as one process knows them. Inputs are the numbers of orders. */
final class SimulatedJobs {
  static final int MOST_ATTEMPTS = 4;
  static final int AT_ONCE = 2;
  static final String PLAIN = "plain";
  static final String FOLLOW = "follow";
  static final String LIMITED = "limited";
  static final String ORDERED = "ordered";
  static final String BATCHED = "batched";
  static final String FUNCTION = "function";
  static final String TIMED = "timed";
  static final String CHILD = "child";
  static final String MEMBER = "member";
  static final String SUMMARY = "summary";
  static final String SUBSCRIBER = "subscriber";
  static final String PROBE = "probe";

  static final EventType<Integer> PLACED = EventType.of("placed", Integer.class);
  static final EventType<Integer> GO =
      EventType.of("go", Integer.class).keyedBy(number -> "order-" + number);

  static final List<String> EACH_TICK = List.of("each", "queue");
  static final List<String> TICKING = List.of("each", "queue", "latest");

  private static final RetryPolicy RETRY =
      RetryPolicy.fixed(Duration.ofMillis(300)).withMaxAttempts(MOST_ATTEMPTS);
  private static final Duration NEVER_SO_LONG = Duration.ofHours(6);

  private final World world;
  private final SimulatedHost host;
  private final ResultJob<Integer, Integer> plain;
  private final Job<Integer> limited;
  private final Job<Integer> ordered;
  private final Job<Integer> batched;
  private final Job<Integer> function;
  private final Job<Integer> timed;
  private final ResultJob<Integer, Integer> child;
  private final Job<Integer> member;
  private final Job<GroupEnd> summary;
  private final Job<Integer> probe;

  SimulatedJobs(World world, SimulatedHost host) {
    this.world = world;
    this.host = host;
    this.plain = named(PLAIN).returning(Integer.class, this::returning);
    this.limited = named(LIMITED).limitRuns(AT_ONCE).handler(this::run);
    this.ordered = named(ORDERED).inOrder(number -> "key-" + number % 2).handler(this::run);
    this.batched = named(BATCHED).batch(4, Duration.ofMillis(400), (ctx, items) -> runAll(items));
    this.timed = named(TIMED).timeout(Duration.ofSeconds(2)).handler(this::run);
    this.child = named(CHILD).returning(Integer.class, this::answer);
    this.function = named(FUNCTION).handler(this::runFunction);
    this.member = named(MEMBER).handler(this::run);
    this.summary = Job.named(SUMMARY, GroupEnd.class).retry(RETRY).handler(this::sumUp);
    this.probe = named(PROBE).handler(this::probe);
  }

  private static Job.Builder<Integer> named(String name) {
    return Job.named(name, Integer.class).retry(RETRY);
  }

  Job<?>[] all() {
    var all = new ArrayList<Job<?>>();
    all.addAll(List.of(plain, limited, ordered, batched, timed, function, child));
    all.addAll(List.of(member, summary, probe));
    all.add(named(FOLLOW).after(plain, number -> number).on(On.SUCCESS).handler(this::run));
    all.add(named(SUBSCRIBER).onEvent(PLACED).handler(this::run));
    for (String name : TICKING) {
      all.add(Job.named(name).retry(RETRY).schedule(scheduleOf(name)).handler(this::tick));
    }
    return all.toArray(Job<?>[]::new);
  }

  /** Returns the job of an order. */
  Job<Integer> of(Order order) {
    return switch (order.job()) {
      case PLAIN -> plain;
      case LIMITED -> limited;
      case ORDERED -> ordered;
      case BATCHED -> batched;
      case TIMED -> timed;
      case FUNCTION -> function;
      case PROBE -> probe;
      default -> throw new IllegalArgumentException("job of an order, was " + order.job());
    };
  }

  Job<Integer> member() {
    return member;
  }

  Job<GroupEnd> summary() {
    return summary;
  }

  /** Returns the ticks of a schedule: some, in the time in which things go wrong. */
  static List<Instant> ticksOf(String name) {
    int between = name.equals("each") ? 3 : 5;
    return IntStream.rangeClosed(1, 10)
        .mapToObj(i -> World.START.plusSeconds((long) between * i))
        .toList();
  }

  private static Schedule scheduleOf(String name) {
    Schedule schedule = Schedule.at(ticksOf(name).toArray(Instant[]::new));
    return switch (name) {
      case "each" ->
          schedule.withOverlap(Overlap.ALLOW).withCatchUp(CatchUp.all(1_000, Duration.ofHours(6)));
      case "queue" ->
          schedule.withOverlap(Overlap.QUEUE).withCatchUp(CatchUp.all(1_000, Duration.ofHours(6)));
      default -> schedule;
    };
  }

  // Handlers

  private int returning(JobContext ctx, int number) throws Exception {
    run(ctx, number);
    return number;
  }

  private void run(JobContext ctx, int number) throws InterruptedException {
    Order order = world.orders().get(number);
    try (BodyWatch.Body body = begin(ctx)) {
      host.work(order.work());
      carryOut(order, ctx);
      body.returns();
    }
  }

  private BodyWatch.Body begin(JobContext ctx) {
    return world.bodies().begin(host, ctx.runId(), ctx.fence(), ctx.attempt());
  }

  private void carryOut(Order order, JobContext ctx) {
    if (order.plan() == Order.Plan.BE_REFUSED) {
      world.orders().refuse(ctx.runId());
    }
    carryOut(order, ctx.attempt());
  }

  private void carryOut(Order order, int attempt) {
    boolean kills =
        order.plan() == Order.Plan.KILL_ALWAYS
            || (order.plan() == Order.Plan.KILL_ONCE && attempt == 1);
    boolean fails =
        order.plan() == Order.Plan.FAIL_ALWAYS
            || (order.plan() == Order.Plan.FAIL_ONCE && attempt == 1)
            || (order.plan() == Order.Plan.FAIL_TWICE && attempt <= 2);
    if (kills) {
      host.kill();
      throw new Killed();
    } else if (fails) {
      throw new IllegalStateException("planned, of attempt " + attempt);
    }
  }

  private void runAll(List<? extends BatchItem<Integer>> items) throws InterruptedException {
    var bodies = new ArrayList<BodyWatch.Body>();
    try {
      for (BatchItem<Integer> item : items) {
        bodies.add(world.bodies().begin(host, item.runId(), item.fence(), item.attempt()));
      }
      host.work(world.orders().get(items.get(0).input()).work());
      for (int i = 0; i < items.size(); i++) {
        BatchItem<Integer> item = items.get(i);
        try {
          carryOut(world.orders().get(item.input()), item.attempt());
          bodies.get(i).returns();
        } catch (IllegalStateException planned) {
          item.fail(planned);
        }
      }
    } finally {
      bodies.forEach(BodyWatch.Body::close);
    }
  }

  private void runFunction(JobContext ctx, int number) throws InterruptedException {
    Order order = world.orders().get(number);
    try (BodyWatch.Body body = begin(ctx)) {
      step(ctx, "first", StepOptions.timeout(NEVER_SO_LONG), false, order.work());
      ctx.sleep("sleep", order.work().dividedBy(2));
      world.users().answerSoon(number);
      Optional<Event<Integer>> go =
          ctx.waitForEvent(
              "go",
              GO,
              EventMatch.<Integer>key("order-" + number).since(World.START.minusSeconds(3_600)),
              NEVER_SO_LONG);
      world
          .findings()
          .check(
              go.isPresent(),
              Invariant.NOTHING_LOST,
              "the event for " + order.key() + " was waited for in vain");
      int answer = ctx.invoke("ask", child, number);
      world
          .findings()
          .check(
              answer == number,
              Invariant.RESULT_OF_A_BODY,
              ctx.runId() + " asked about " + number + " and was told of " + answer);
      step(ctx, "once", StepOptions.atMostOnce(), true, Duration.ofMillis(5));
      carryOut(order, ctx);
      body.returns();
    }
  }

  private int answer(JobContext ctx, int number) throws InterruptedException {
    try (BodyWatch.Body body = begin(ctx)) {
      host.work(Duration.ofMillis(10));
      body.returns();
      return number;
    }
  }

  private void step(
      JobContext ctx, String id, StepOptions options, boolean atMostOnce, Duration work)
      throws InterruptedException {
    int value =
        ctx.step(
            id,
            options,
            Integer.class,
            () -> {
              world.bodies().calls(host, ctx.runId(), id, atMostOnce);
              host.work(work);
              return host.random().nextInt(1_000_000);
            });
    host.checkAlive();
    world.bodies().remembers(ctx.runId(), id, value);
  }

  private void sumUp(JobContext ctx, GroupEnd end) throws InterruptedException {
    try (BodyWatch.Body body = begin(ctx)) {
      world
          .findings()
          .check(
              end.members().stream().allMatch(world.model().watch().runs()::hasEnded),
              Invariant.NOTHING_LOST,
              "group " + end.group() + " ended before its runs " + end.members());
      host.work(Duration.ofMillis(5));
      body.returns();
    }
  }

  private void tick(JobContext ctx) throws InterruptedException {
    try (BodyWatch.Body body = begin(ctx)) {
      host.work(Duration.ofMillis(200));
      body.returns();
    }
  }

  /** Goes on for ever, unless its first node has died. */
  private void probe(JobContext ctx, int number) throws InterruptedException {
    try (BodyWatch.Body body = begin(ctx)) {
      world.probed(host);
      host.work(ctx.attempt() == 1 ? NEVER_SO_LONG : Duration.ofMillis(1));
      body.returns();
    }
  }
}
