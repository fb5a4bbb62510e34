// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import static dev.belfry.admin.operations.Stage.ADA;
import static dev.belfry.admin.operations.Stage.BLUE;
import static dev.belfry.admin.operations.Stage.NOON;
import static dev.belfry.admin.operations.Stage.problem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.Job;
import dev.belfry.ScheduleView;
import dev.belfry.ScheduleView.State;
import dev.belfry.run.Page;
import dev.belfry.run.RunId;
import dev.belfry.run.Status;
import dev.belfry.schedule.Exclusion;
import dev.belfry.schedule.PlannedTick;
import dev.belfry.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleDeskTest {
  record Report(String of, String apiKey) {}

  private static final Exclusion HOLIDAYS =
      Exclusion.named("holidays", day -> day.equals(LocalDate.of(2026, 3, 3)));

  private final Job<Report> report =
      Job.named("report", Report.class)
          .tags("blue")
          .schedule(
              "nightly",
              Schedule.daily(LocalTime.of(3, 0)).except(HOLIDAYS),
              new Report("day", "k-1"))
          .handler((ctx, input) -> ctx.sleep("work", Duration.ofMinutes(10)));

  private final Job<Void> ping =
      Job.named("ping")
          .schedule(Schedule.afterCompletion(Duration.ofMinutes(5)))
          .handler(ctx -> {});

  private final Stage stage = new Stage(report, ping);
  private final ScheduleDesk desk = stage.schedules();

  @AfterEach
  void close() {
    stage.close();
  }

  private ScheduleView view(String id) {
    return desk.get(ADA, id, 1).entry().view();
  }

  @Test
  void get_saysItInWords_withTheNextTicks() {
    ScheduleDetail detail = desk.get(ADA, "nightly", 3);

    assertThat(detail.entry().words()).startsWith("at 03:00 UTC every day");
    assertThat(detail.entry().zone().orElseThrow()).hasToString("UTC");
    assertThat(detail.entry().lastRun()).isEmpty();
    assertThat(detail.ticks())
        .extracting(PlannedTick::at)
        .containsExactly(
            Instant.parse("2026-03-04T03:00:00Z"),
            Instant.parse("2026-03-05T03:00:00Z"),
            Instant.parse("2026-03-06T03:00:00Z"));
    assertThat(detail.explanation())
        .isEqualTo("schedule \"nightly\" fires next at 2026-03-04T03:00:00Z");
    assertThat(detail.input().json()).contains("{\"of\":\"day\",\"apiKey\":\"•••\"}");
    assertThat(detail.declaredHere()).isTrue();
    assertThat(desk.get(ADA, "ping", 3).ticks()).isEmpty();
    assertThat(problem(() -> desk.get(ADA, "nightly", 101)))
        .isEqualTo("422 invalid: ticks must be 1 to 100, was 101 at ticks");
  }

  @Test
  void list_hasTheLastRunOfEach_byPages() {
    stage.time.advance(Duration.ofMinutes(1));

    Page<ScheduleEntry> first = desk.list(ADA, Optional.empty(), 1);
    Page<ScheduleEntry> second = desk.list(ADA, Optional.of("nightly"), 1);

    assertThat(first.items()).extracting(entry -> entry.view().id()).containsExactly("nightly");
    assertThat(first.more()).isTrue();
    assertThat(second.items()).extracting(entry -> entry.view().id()).containsExactly("ping");
    assertThat(second.more()).isFalse();
    assertThat(second.items().get(0).lastRun().orElseThrow().status()).isEqualTo(Status.COMPLETED);
  }

  @Test
  void list_ofSomebodyConfined_hasFullPages() {
    var theirs = new ArrayList<String>(List.of("nightly"));
    for (int i = 0; i < 5; i++) {
      desk.create(ADA, ofPing("x" + i, List.of()));
      desk.create(ADA, ofPing("y" + i, List.of("navy")));
      theirs.add("y" + i);
    }

    for (int size = 1; size <= 7; size++) {
      var found = new ArrayList<String>();
      Page<ScheduleEntry> page = desk.list(BLUE, Optional.empty(), size);
      page.items().forEach(entry -> found.add(entry.view().id()));
      while (page.more()) {
        page = desk.list(BLUE, Optional.of(found.get(found.size() - 1)), size);
        page.items().forEach(entry -> found.add(entry.view().id()));
      }
      assertThat(found).isEqualTo(theirs);
    }
  }

  private static ScheduleRequest ofPing(String id, List<String> tags) {
    return new ScheduleRequest(id, "ping", "every PT1H", Optional.empty(), Optional.empty(), tags);
  }

  @Test
  void preview_ofTextOrCron() {
    SchedulePreview text =
        desk.preview("cron 30 2 * * * Europe/Berlin", Optional.empty(), Optional.empty(), 2);
    SchedulePreview cron =
        desk.preview("30 2 * * *", Optional.of("Europe/Berlin"), Optional.empty(), 2);

    assertThat(cron).isEqualTo(text);
    assertThat(cron.definition()).isEqualTo("cron 30 2 * * * Europe/Berlin");
    assertThat(cron.words()).isEqualTo("at 02:30 Europe/Berlin every day");
    assertThat(cron.ticks())
        .extracting(PlannedTick::at)
        .containsExactly(
            Instant.parse("2026-03-03T01:30:00Z"), Instant.parse("2026-03-04T01:30:00Z"));
    assertThat(cron.clockChange().orElseThrow().at()).isEqualTo("2026-03-29T01:00:00Z");
    assertThat(
            desk.preview(
                    "every PT1H",
                    Optional.empty(),
                    Optional.of(Instant.parse("2030-01-01T00:00:00Z")),
                    1)
                .ticks())
        .extracting(PlannedTick::at)
        .containsExactly(Instant.parse("2030-01-01T01:00:00Z"));
    assertThat(desk.preview("after-completion PT5M", Optional.empty(), Optional.empty(), 1).ticks())
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "* * * *|UTC|/definition",
        "99 * * * *|UTC|/definition",
        "0 3 * * *|Mars/Base|/zone",
        "0 3 * * *|%|/zone",
        "every day||/definition",
        "cron 0 3 * * * UTC; except nobody-knows||/definition",
      })
  void preview_ofWhatIsNone_saysWhere(String definition, String zone, String pointer) {
    assertThat(
            problem(() -> desk.preview(definition, Optional.ofNullable(zone), Optional.empty(), 2)))
        .startsWith("422 invalid: ")
        .endsWith(" at " + pointer);
  }

  @Test
  void create_labelsItsRunsAsTheJobDoes() {
    var request =
        new ScheduleRequest(
            "mine",
            "report",
            "*/5 * * * *",
            Optional.of("UTC"),
            Optional.of("{\"of\":\"week\"}"),
            List.of("navy"));

    ScheduleEntry made = desk.create(BLUE, request);

    assertThat(made.view().definition()).isEqualTo("cron */5 * * * * UTC");
    assertThat(made.view().tags()).containsExactly("blue", "navy");
    assertThat(made.view().declared()).isFalse();
    assertThat(problem(() -> desk.create(BLUE, request)))
        .isEqualTo(
            "409 exists: there is a schedule \"mine\" already; change it, or delete it first");
    assertThat(stage.log())
        .containsExactly(
            "blue schedule.create schedule mine: DONE",
            "blue schedule.create schedule mine: REFUSED");
  }

  @Test
  void create_ofWhatIsWrong_saysWhere() {
    assertThat(problem(() -> desk.create(ADA, ofPing("no good", List.of()))))
        .startsWith("422 invalid: schedule id must have 1 to 100 letters")
        .endsWith(" at /id");
    assertThat(problem(() -> desk.create(ADA, ofPing("x", List.of("")))))
        .startsWith("422 invalid: tag must have")
        .endsWith(" at /tags");
    assertThat(problem(() -> desk.create(BLUE, request("report", "every PT1H", "red"))))
        .isEqualTo("422 invalid: tag must be one of yours, [blue, navy], was \"red\" at /tags/0");
    assertThat(problem(() -> desk.create(ADA, request("report", "every PT1H", "red"))))
        .startsWith("422 invalid: input of job \"report\" must not be null");
    assertThat(problem(() -> desk.create(ADA, request("ping", "sometimes", "red"))))
        .endsWith(" at /definition");
  }

  private static ScheduleRequest request(String job, String definition, String tag) {
    return new ScheduleRequest(
        "x", job, definition, Optional.empty(), Optional.empty(), List.of(tag));
  }

  @Test
  void change_pause_resume_delete_reset() {
    String code = view("nightly").definition();
    long version = view("nightly").version();

    ScheduleView changed = desk.change(ADA, "nightly", "every PT1H", Optional.empty()).view();
    assertThat(changed.overridden()).isTrue();
    assertThat(changed.nextAt()).contains(NOON.plus(Duration.ofHours(1)));
    assertThat(changed.version()).isGreaterThan(version);
    assertThat(desk.pause(ADA, "nightly").view().state()).isEqualTo(State.PAUSED);
    assertThat(desk.get(ADA, "nightly", 1).ticks()).isEmpty();
    assertThat(desk.resume(ADA, "nightly").view().state()).isEqualTo(State.ACTIVE);
    desk.pause(ADA, "nightly");

    ScheduleView reset = desk.reset(ADA, "nightly").view();
    assertThat(reset.definition()).isEqualTo(code);
    assertThat(reset.overridden()).isFalse();
    assertThat(reset.state()).isEqualTo(State.ACTIVE);

    desk.delete(ADA, "nightly");
    assertThat(problem(() -> desk.get(ADA, "nightly", 1)))
        .isEqualTo("404 not-found: there is no such schedule");
    assertThat(desk.reset(ADA, "nightly").view().definition()).isEqualTo(code);
    assertThat(stage.log())
        .containsExactly(
            "ada schedule.change schedule nightly: DONE",
            "ada schedule.pause schedule nightly: DONE",
            "ada schedule.resume schedule nightly: DONE",
            "ada schedule.pause schedule nightly: DONE",
            "ada schedule.reset schedule nightly: DONE",
            "ada schedule.delete schedule nightly: DONE",
            "ada schedule.reset schedule nightly: DONE");
    AuditRow first = stage.operations.audit(ADA, Optional.empty(), 100).items().get(6);
    assertThat(first.before().orElseThrow()).contains("\"definition\":\"" + code + "\"");
    assertThat(first.after().orElseThrow()).contains("\"definition\":\"every PT1H\"");
  }

  @Test
  void reset_ofWhatNoCodeHereDeclares() {
    desk.create(ADA, ofPing("mine", List.of()));

    assertThat(problem(() -> desk.reset(ADA, "mine")))
        .isEqualTo(
            "409 not-declared: no code here declares schedule \"mine\"; only what code declares"
                + " can be reset");
    assertThat(problem(() -> desk.reset(ADA, "nothing")))
        .isEqualTo("404 not-found: there is no such schedule");
  }

  @Test
  void trigger_whileTheLastRunGoesOn_onlyAnyway() {
    RunId first = desk.trigger(ADA, "nightly", false).run();
    stage.time.runDue();

    assertThat(problem(() -> desk.trigger(ADA, "nightly", false)))
        .isEqualTo(
            "409 conflict: the last run of schedule \"nightly\", "
                + first
                + ", has not ended; use triggerAnyway to start another beside it");
    RunId second = desk.trigger(ADA, "nightly", true).run();

    assertThat(stage.runs().get(ADA, second).run().trigger().actor()).contains("ada");
    assertThat(desk.get(ADA, "nightly", 1).entry().lastRun().orElseThrow().id()).isEqualTo(second);
    assertThat(stage.log())
        .containsExactly(
            "ada schedule.trigger schedule nightly: DONE",
            "ada schedule.trigger schedule nightly: REFUSED",
            "ada schedule.trigger schedule nightly: DONE");
  }
}
