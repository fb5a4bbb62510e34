// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import static dev.belfry.admin.dashboard.Html.all;
import static dev.belfry.admin.dashboard.Html.each;
import static dev.belfry.admin.dashboard.Html.none;
import static dev.belfry.admin.dashboard.Html.tag;
import static dev.belfry.admin.dashboard.Html.when;

import dev.belfry.admin.dashboard.Frame.Go;
import dev.belfry.admin.dashboard.Frame.Next;
import dev.belfry.admin.dashboard.Frame.Page;
import dev.belfry.admin.operations.EventEntry;
import dev.belfry.http.Scope;
import dev.belfry.http.routing.Call;
import dev.belfry.http.routing.Problem;
import dev.belfry.http.routing.Route;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The types of events, and a form to send one. */
final class EventsPage {
  private final Frame frame;

  EventsPage(Frame frame) {
    this.frame = frame;
  }

  List<Route> routes() {
    return List.of(
        frame.page(Section.EVENTS, "/events", (call, site) -> show(site, Posted.NOTHING, none())),
        frame.form(Section.EVENTS, "/events", Scope.OPERATE, this::send));
  }

  private Page show(Site site, Posted form, Html notice) {
    List<EventEntry> events = frame.operations().events(site.principal());
    boolean may = site.may(Scope.OPERATE) && !events.isEmpty();
    return Page.of(
        Section.EVENTS,
        "Events",
        Panels.head("Events"),
        tag(
                "p",
                "An event is a named fact. It starts a run of each job that subscribes to it and"
                    + " wakes the runs that wait for it.")
            .is("lead"),
        notice,
        tag(
                "div",
                Panels.panel("Types", events.isEmpty() ? nothing(site) : table(site).rows(events)),
                when(may, form(site, events, form)))
            .is("cols"));
  }

  private static Html nothing(Site site) {
    return site.principal().isConfined()
        ? Panels.empty(
            Section.EVENTS, "Events are not shown to you", "Your access is confined to some tags.")
        : Panels.empty(
            Section.EVENTS,
            "No job subscribes to an event",
            all(
                tag("p", "A job does so in code:"),
                tag("pre", "Job.named(\"welcome\", User.class).onEvent(USER_CREATED)…")));
  }

  private static Table<EventEntry> table(Site site) {
    return Table.<EventEntry>of("Types of events")
        .column("Type", event -> tag("span", event.name()).is("mono"))
        .column(
            "Starts",
            event ->
                event.jobs().isEmpty()
                    ? tag("span", "nothing").is("muted")
                    : each(
                        event.jobs(),
                        job -> tag("div", site.link(Link.to("jobs", job), job).is("name-link"))));
  }

  private static Html form(Site site, List<EventEntry> events, Posted form) {
    Map<String, String> types = new LinkedHashMap<>();
    events.forEach(event -> types.put(event.name(), event.name()));
    return Panels.panel(
        "Send one",
        Panels.in(
            Forms.post(
                    site,
                    Link.to("events"),
                    Forms.field(
                        "v-type", "Type", Forms.select("type", form.text("type"), types), ""),
                    Forms.field(
                        "v-data", "Data, as JSON", Forms.area("data", form.text("data"), 8), ""),
                    Forms.field(
                        "v-id",
                        "Id (optional)",
                        Forms.input("id", form.text("id")).is("mono"),
                        "A UUID: however often it is sent, it is one event."),
                    Panels.actions(Forms.submit("Send the event", "first")))
                .is("form")));
  }

  private Next send(Call call, Site site, Posted form) {
    try {
      Optional<String> id = form.get("id");
      frame
          .operations()
          .send(call.principal(), form.text("type"), form.get("data").orElse("null"), id);
      return new Go(Flash.SENT.on(Link.to("events"), 1));
    } catch (Problem problem) {
      return show(site.standing(Link.to("events")), form, Frame.notice(problem)).refused(problem);
    }
  }
}
