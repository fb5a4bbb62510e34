// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import dev.belfry.admin.operations.Operations;
import dev.belfry.http.routing.Route;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * The pages for people: see a scheduler in a browser, and act on it. They stand under whatever base
 * path a request names, load nothing from elsewhere, keep to the strictest content security policy
 * and work without scripts. Immutable.
 */
public final class Dashboard {
  private static final Duration PACE = Duration.ofSeconds(2);

  private final Operations operations;
  private final boolean readOnly;
  private final boolean signOut;

  private Dashboard(Operations operations, boolean readOnly, boolean signOut) {
    this.operations = operations;
    this.readOnly = readOnly;
    this.signOut = signOut;
  }

  /** Returns the dashboard of a scheduler. */
  public static Dashboard of(Operations operations) {
    return new Dashboard(operations, false, false);
  }

  /** Returns this dashboard without anything that changes something. The server refuses it too. */
  public Dashboard readOnly(boolean only) {
    return new Dashboard(operations, only, signOut);
  }

  /** Returns this dashboard with a button that posts to {@code /logout}. Default: none. */
  public Dashboard signOut(boolean shown) {
    return new Dashboard(operations, readOnly, shown);
  }

  /**
   * Returns the routes. Those for {@code /login} and below {@code /assets/} hold nothing of the
   * application and are for anybody: nobody is known before they have signed in.
   */
  public List<Route> routes() {
    var frame = new Frame(operations, readOnly, signOut);
    return Stream.of(
            new OverviewPage(frame).routes(),
            new RunsPage(frame).routes(),
            new BulkPage(frame).routes(),
            new RunPage(frame).routes(),
            new JobsPage(frame).routes(),
            new JobPage(frame).routes(),
            new SchedulesPage(frame).routes(),
            new SchedulePage(frame).routes(),
            new ScheduleForm(frame).routes(),
            new EventsPage(frame).routes(),
            new QueuesPage(frame).routes(),
            new NodesPage(frame).routes(),
            new AlertsPage(frame).routes(),
            new AuditPage(frame).routes(),
            new AboutPage(frame).routes(),
            new LivePage(frame, Dashboard::pace).routes(),
            open())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Route> open() {
    return List.of(
        Route.get("/login", LoginPage::answer),
        Route.get("/assets/{file}", call -> Assets.ALL.answer(call.request(), call.part("file"))));
  }

  /** Waits on the caller's thread, which a server that closes interrupts. */
  private static boolean pace() throws InterruptedException {
    try {
      new CompletableFuture<Void>().get(PACE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException waited) {
      return true;
    } catch (ExecutionException never) {
      throw new IllegalStateException(never);
    }
    return true;
  }
}
