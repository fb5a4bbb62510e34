// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import static dev.belfry.admin.dashboard.Html.all;
import static dev.belfry.admin.dashboard.Html.tag;
import static dev.belfry.admin.dashboard.Html.text;

import dev.belfry.admin.operations.Operations;
import dev.belfry.admin.operations.Overview;
import dev.belfry.http.Response;
import dev.belfry.http.Scope;
import dev.belfry.http.routing.Call;
import dev.belfry.http.routing.Problem;
import dev.belfry.http.routing.Route;
import java.util.List;
import java.util.Locale;

/**
 * What all pages stand in.
 *
 * @param operations what there is to see and do
 * @param readOnly whether nobody may change anything
 * @param signOut whether there is something to sign out of
 */
record Frame(Operations operations, boolean readOnly, boolean signOut) {
  /** Makes a page. */
  @FunctionalInterface
  interface Maker {
    /**
     * Returns what stands in the page.
     *
     * @throws Problem if there is no such page
     */
    Page make(Call call, Site site);
  }

  /** Does what a form asks for. */
  @FunctionalInterface
  interface Deed {
    /**
     * Returns where to go on, or the page that asks again.
     *
     * @throws Problem if it is not done
     */
    Next act(Call call, Site site, Posted form);
  }

  /** What follows on a form. */
  sealed interface Next {}

  /** Another place. */
  record Go(Link link) implements Next {}

  /**
   * A page.
   *
   * @param stream what numbers of the page are kept fresh by; the others have none
   */
  record Page(Section section, int status, String title, Html body, Link stream) implements Next {
    static Page of(Section section, String title, Html... body) {
      return new Page(section, 200, title, all(body), Link.to("live"));
    }

    Page streaming(Link link) {
      return new Page(section, status, title, body, link);
    }

    /** Returns the page as the answer to a form that was wrong. */
    Page refused(Problem problem) {
      return new Page(section, problem.status(), title, body, stream);
    }
  }

  /** Returns the route of a page. */
  Route page(Section section, String path, Maker maker) {
    return new Route("GET", path, section.needs(), call -> read(section, call, maker));
  }

  /** Returns the route of a page that only those see who may do what it is about. */
  Route page(Section section, String path, Scope needs, Maker maker) {
    return new Route("GET", path, needs, call -> read(section, call, maker));
  }

  /** Returns the route of a form. */
  Route form(Section section, String path, Scope needs, Deed deed) {
    return Route.post(path, needs, call -> act(section, call, deed));
  }

  private Response read(Section section, Call call, Maker maker) {
    Overview overview = overview(call);
    Site site = site(call, overview);
    try {
      return shown(call, site, overview, maker.make(call, site));
    } catch (Problem problem) {
      return shown(call, site, overview, failed(section, site, problem));
    }
  }

  private Response act(Section section, Call call, Deed deed) {
    Overview overview = overview(call);
    Site site = site(call, overview);
    try {
      Posted form = Posted.of(call);
      Next next = deed.act(call, site, form);
      return next instanceof Go go
          ? Response.of(303).with("location", site.at(go.link())).with("cache-control", "no-store")
          : shown(call, site, overview, (Page) next);
    } catch (Problem problem) {
      return shown(call, site, overview, failed(section, site, problem));
    }
  }

  private Response shown(Call call, Site site, Overview overview, Page page) {
    return Shell.page(site, page, overview.concerns().size(), Flash.of(call, site));
  }

  private Overview overview(Call call) {
    return operations.overview(call.principal(), Overview.Span.HOUR);
  }

  private Site site(Call call, Overview overview) {
    return Site.of(call, readOnly, signOut, overview.at());
  }

  private static Page failed(Section section, Site site, Problem problem) {
    String title =
        switch (problem.status()) {
          case 404 -> "Not found";
          case 409 -> "Not done";
          case 403 -> "Not allowed";
          default -> "That did not work";
        };
    Html advice =
        tag(
            "p",
            problem.status() == 404
                ? "It may have been deleted, or its history is over."
                : "Nothing was changed.");
    Html body =
        all(
            Panels.trail(site, section),
            tag(
                    "section",
                    Panels.empty(
                        section,
                        title,
                        tag("p", Sentence.capital(problem.detail())),
                        advice,
                        site.link(
                                section.link(),
                                "Back to " + section.title().toLowerCase(Locale.ROOT))
                            .is("button")))
                .is("panel"));
    return new Page(
        section,
        problem.status(),
        title,
        all(tag("h1", title).is("unseen"), body),
        Link.to("live"));
  }

  /** Returns what is said in a form that was not taken. */
  static Html notice(Problem problem) {
    List<Problem.Fault> faults = problem.faults();
    String where =
        faults.size() == 1 && !problem.detail().contains(faults.get(0).pointer())
            ? " (at " + faults.get(0).pointer() + ")"
            : "";
    return tag("div", text(Sentence.capital(problem.detail()) + where))
        .is("notice bad")
        .with("role", "alert");
  }
}
