// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import static dev.belfry.admin.dashboard.Html.all;
import static dev.belfry.admin.dashboard.Html.maybe;
import static dev.belfry.admin.dashboard.Html.none;
import static dev.belfry.admin.dashboard.Html.tag;
import static dev.belfry.admin.dashboard.Html.text;
import static dev.belfry.admin.dashboard.Html.when;

import dev.belfry.admin.dashboard.Frame.Go;
import dev.belfry.admin.dashboard.Frame.Next;
import dev.belfry.admin.dashboard.Frame.Page;
import dev.belfry.admin.operations.JobEntry;
import dev.belfry.admin.operations.ScheduleDetail;
import dev.belfry.admin.operations.SchedulePreview;
import dev.belfry.admin.operations.ScheduleRequest;
import dev.belfry.http.Scope;
import dev.belfry.http.routing.Call;
import dev.belfry.http.routing.Problem;
import dev.belfry.http.routing.Route;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes and changes schedules: shows when they would fire before they are saved. */
final class ScheduleForm {
  private static final int TICKS = 5;
  private static final String HINT =
      "A cron expression, with its zone beside it; or without a zone the text of a schedule, as in"
          + " every PT15M.";

  private final Frame frame;

  ScheduleForm(Frame frame) {
    this.frame = frame;
  }

  List<Route> routes() {
    return List.of(
        frame.page(
            Section.SCHEDULES,
            "/new-schedule",
            Scope.ADMIN,
            (call, site) -> create(site, Posted.NOTHING, none(), none())),
        frame.form(Section.SCHEDULES, "/new-schedule", Scope.ADMIN, this::created),
        frame.page(
            Section.SCHEDULES,
            "/schedules/{id}/edit",
            Scope.ADMIN,
            (call, site) -> change(call, site, Posted.NOTHING, none(), none())),
        frame.form(Section.SCHEDULES, "/schedules/{id}/edit", Scope.ADMIN, this::changed));
  }

  private Page create(Site site, Posted form, Html notice, Html preview) {
    Map<String, String> jobs = new LinkedHashMap<>();
    for (JobEntry entry : frame.operations().jobs().list(site.principal())) {
      entry.view().ifPresent(view -> jobs.put(entry.name(), entry.name()));
    }
    Html fields =
        all(
            tag(
                    "div",
                    Forms.field(
                        "s-id",
                        "Id",
                        Forms.input("id", form.text("id")).flag("required", true),
                        "Unique, as in nightly-report."),
                    Forms.field("s-job", "Job", Forms.select("job", form.text("job"), jobs), ""))
                .is("fields"),
            times(form.text("definition"), form.text("zone")),
            Forms.field(
                "s-input",
                "Input, as JSON",
                Forms.area("input", form.text("input"), 4),
                "What each run gets; empty for a job without input."),
            Forms.field(
                "s-tags", "Tags", Forms.input("tags", form.text("tags")), "Between commas."));
    return page(
        site,
        "New schedule",
        Link.to("new-schedule"),
        "Make it",
        Link.to("schedules"),
        fields,
        notice,
        preview);
  }

  private Page change(Call call, Site site, Posted form, Html notice, Html preview) {
    String id = call.part("id");
    ScheduleDetail detail = frame.operations().schedules().get(call.principal(), id, 1);
    String definition = form.get("definition").orElse(detail.entry().view().definition());
    return page(
        site,
        "Change schedule " + id,
        Link.to("schedules", id, "edit"),
        "Save",
        Link.to("schedules", id),
        times(definition, form.text("zone")),
        notice,
        preview);
  }

  private static Html times(String definition, String zone) {
    return tag(
            "div",
            Forms.field(
                "s-definition",
                "When",
                Forms.input("definition", definition).is("mono").flag("required", true),
                HINT),
            Forms.field(
                "s-zone",
                "Zone of a cron expression",
                Forms.input("zone", zone),
                "As in Europe/Berlin or UTC."))
        .is("fields");
  }

  private static Page page(
      Site site,
      String title,
      Link action,
      String verb,
      Link back,
      Html fields,
      Html notice,
      Html preview) {
    Html buttons =
        Panels.actions(
            Forms.submit(verb, "first").with("name", "act").with("value", "save"),
            Forms.submit("Preview", "").with("name", "act").with("value", "preview"),
            site.link(back, "Keep as is").is("button quiet"));
    return Page.of(
        Section.SCHEDULES,
        title,
        tag(
                "div",
                Panels.head(all(Panels.trail(site, Section.SCHEDULES), tag("h1", title))),
                notice,
                tag("section", Panels.in(Forms.post(site, action, fields, buttons).is("form")))
                    .is("panel"),
                preview)
            .is("stack narrow-page"));
  }

  private Html preview(Site site, Posted form) {
    SchedulePreview preview =
        frame
            .operations()
            .schedules()
            .preview(form.text("definition"), form.get("zone"), Optional.empty(), TICKS);
    return Panels.panel(
        "It would fire " + preview.words(),
        when(
            preview.ticks().isEmpty(),
            Panels.in(tag("p", "It counts from the ends of its runs.").is("muted"))),
        when(!preview.ticks().isEmpty(), SchedulePage.ticks(site, preview.ticks())),
        maybe(
            preview.clockChange(),
            change ->
                tag("div", text("When the clock changes: " + change.effect() + ".")).is("foot")));
  }

  private Next created(Call call, Site site, Posted form) {
    try {
      if (form.text("act").equals("preview")) {
        return create(site, form, none(), preview(site, form));
      }
      var request =
          new ScheduleRequest(
              form.text("id"),
              form.text("job"),
              form.text("definition"),
              form.get("zone"),
              form.get("input"),
              form.words("tags"));
      frame.operations().schedules().create(call.principal(), request);
      return new Go(Flash.CREATED.on(Link.to("schedules", form.text("id")), 1));
    } catch (Problem problem) {
      return create(site, form, Frame.notice(problem), none()).refused(problem);
    }
  }

  private Next changed(Call call, Site site, Posted form) {
    try {
      if (form.text("act").equals("preview")) {
        return change(call, site, form, none(), preview(site, form));
      }
      String id = call.part("id");
      frame
          .operations()
          .schedules()
          .change(call.principal(), id, form.text("definition"), form.get("zone"));
      return new Go(Flash.CHANGED.on(Link.to("schedules", id), 1));
    } catch (Problem problem) {
      if (problem.status() == 404) {
        throw problem;
      }
      return change(call, site, form, Frame.notice(problem), none()).refused(problem);
    }
  }
}
