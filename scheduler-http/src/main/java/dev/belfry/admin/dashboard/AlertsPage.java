// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import static dev.belfry.admin.dashboard.Html.all;
import static dev.belfry.admin.dashboard.Html.each;
import static dev.belfry.admin.dashboard.Html.maybe;
import static dev.belfry.admin.dashboard.Html.tag;
import static dev.belfry.admin.dashboard.Html.text;

import dev.belfry.Alert;
import dev.belfry.Alerts.Silence;
import dev.belfry.admin.dashboard.Frame.Go;
import dev.belfry.admin.dashboard.Frame.Next;
import dev.belfry.admin.dashboard.Frame.Page;
import dev.belfry.admin.dashboard.Marks.Tone;
import dev.belfry.admin.operations.AlertEntries;
import dev.belfry.http.Scope;
import dev.belfry.http.routing.Call;
import dev.belfry.http.routing.Problem;
import dev.belfry.http.routing.Route;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What alert rules have found, and what is silenced. */
final class AlertsPage {
  private static final Map<String, String> TIMES = new LinkedHashMap<>();

  static {
    TIMES.put("PT1H", "1 hour");
    TIMES.put("PT8H", "8 hours");
    TIMES.put("P1D", "1 day");
    TIMES.put("P7D", "7 days");
  }

  private final Frame frame;

  AlertsPage(Frame frame) {
    this.frame = frame;
  }

  List<Route> routes() {
    return List.of(
        frame.page(Section.ALERTS, "/alerts", this::show),
        frame.form(Section.ALERTS, "/alerts/silence", Scope.OPERATE, this::silence),
        frame.form(Section.ALERTS, "/alerts/unsilence", Scope.OPERATE, this::unsilence));
  }

  private Page show(Call call, Site site) {
    AlertEntries entries = frame.operations().alerts().list(site.principal());
    return Page.of(
        Section.ALERTS,
        "Alerts",
        Panels.head("Alerts"),
        Panels.panel("Found", entries.open().isEmpty() ? nothing() : found(site, entries.open())),
        Panels.panel("Silences", silences(site, entries.silences())));
  }

  private static Html nothing() {
    return Panels.empty(
        Section.ALERTS,
        "No rule has found anything",
        all(
            tag("p", "Rules are declared on a job, or for all jobs in the builder:"),
            tag("pre", "job.alert(AlertRule.consecutiveFailures(3))")));
  }

  private static Html found(Site site, List<Alert> alerts) {
    return Table.<Alert>of("Alerts")
        .column(
            "Alert",
            alert ->
                all(
                    Marks.dot(Tone.BAD),
                    text(" "),
                    Sentence.of(site, Sentence.capital(alert.sentence())),
                    tag(
                            "span",
                            maybe(
                                alert.job(),
                                job -> all(site.link(Link.to("jobs", job), job), text(" · "))),
                            tag("code", alert.rule()))
                        .is("sub")))
        .column("Since", "num", alert -> Times.relative(alert.first(), site.now()))
        .column("Seen", "num rare", alert -> Times.relative(alert.last(), site.now()))
        .column("Times", "num rare", alert -> text(Numbers.of(alert.count())))
        .plainIf(site.may(Scope.OPERATE), "Actions", "do", alert -> silence(site, alert))
        .rows(alerts);
  }

  private static Html silence(Site site, Alert alert) {
    return Forms.post(
            site,
            Link.to("alerts", "silence"),
            maybe(alert.job(), job -> Forms.hidden("job", job)),
            Forms.hidden("rule", alert.rule()),
            Panels.actions(
                Forms.select("for", "PT8H", TIMES).with("aria-label", "Silence for"),
                Forms.submit("Silence", "slim")))
        .is("inline");
  }

  private static Html silences(Site site, List<Silence> silences) {
    Html list =
        silences.isEmpty()
            ? Panels.in(tag("p", "Nothing is silenced.").is("muted"))
            : Table.<Silence>of("Silences")
                .column(
                    "Of",
                    silence ->
                        text(
                            silence.rule().orElse("all rules")
                                + " of "
                                + silence.job().orElse("all jobs")))
                .column("Until", "num", silence -> Times.relative(silence.until(), site.now()))
                .column("By", "rare", silence -> text(silence.actor()))
                .plainIf(site.may(Scope.OPERATE), "Actions", "do", silence -> end(site, silence))
                .rows(silences);
    return list;
  }

  private static Html end(Site site, Silence silence) {
    return Forms.post(
            site,
            Link.to("alerts", "unsilence"),
            each(
                List.of(Map.entry("job", silence.job()), Map.entry("rule", silence.rule())),
                pair -> maybe(pair.getValue(), value -> Forms.hidden(pair.getKey(), value))),
            Forms.submit("End", "slim"))
        .is("inline");
  }

  private Next silence(Call call, Site site, Posted form) {
    String time = form.text("for");
    if (!TIMES.containsKey(time)) {
      throw Problem.invalid(
          "for", "for must be one of " + TIMES.keySet() + ", was \"" + time + "\"");
    }
    Optional<String> job = form.get("job");
    frame
        .operations()
        .alerts()
        .silence(call.principal(), job, form.get("rule"), site.now().plus(Duration.parse(time)));
    return new Go(Flash.SILENCED.on(Link.to("alerts"), 1));
  }

  private Next unsilence(Call call, Site site, Posted form) {
    frame.operations().alerts().unsilence(call.principal(), form.get("job"), form.get("rule"));
    return new Go(Flash.UNSILENCED.on(Link.to("alerts"), 1));
  }
}
