// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import dev.belfry.admin.operations.Operations;
import dev.belfry.http.Request;
import dev.belfry.http.Response;
import dev.belfry.http.routing.Problem;
import dev.belfry.http.routing.Route;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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

  /** Returns the routes for those who are known. */
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
            List.of(Route.get("/assets/{file}", call -> asset(call.request(), call.part("file")))))
        .flatMap(List::stream)
        .toList();
  }

  /** Waits on the caller's thread, which a server that closes interrupts. */
  private static boolean pace() throws InterruptedException {
    try {
      new CompletableFuture<Void>()
          .get(PACE.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS);
    } catch (java.util.concurrent.TimeoutException waited) {
      return true;
    } catch (java.util.concurrent.ExecutionException never) {
      throw new IllegalStateException(never);
    }
    return true;
  }

  /**
   * Answers a request for a file that pages are made with; for anybody, as the page to sign in
   * needs them too. They hold nothing of the application.
   *
   * @param file the last part of the path
   * @throws Problem 404 if there is none of this name
   */
  public static Response asset(Request request, String file) {
    return Assets.ALL.answer(request, file);
  }

  /**
   * Returns the page to sign in: a form that posts the field {@code token} to {@code /login}.
   *
   * @param refused whether a token was just refused
   */
  public static Response login(Request request, boolean refused) {
    return LoginPage.answer(request, refused);
  }
}
