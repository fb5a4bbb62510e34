// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.testkit.RunReplayer;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs are read from files, and a report says of all of them what is different. */
class ReplayTest extends RecordingBase {
  private final Handler code =
      ctx -> {
        ctx.step("a", () -> calls.add("a"));
        ctx.sleep("nap", Duration.ofDays(1));
      };
  private final Handler changed =
      ctx -> {
        ctx.step("b", () -> calls.add("b"));
        ctx.sleep("nap", Duration.ofDays(1));
      };

  @TempDir Path folder;

  @Test
  void directory_isReplayedAsAWhole() throws IOException {
    Recording first = record(code);
    Recording second = record(ctx -> ctx.step("b", () -> calls.add("b")));
    Recording third = record(code);
    Files.writeString(folder.resolve("1.json"), first.document());
    Files.writeString(folder.resolve("2.jsonl"), second.document() + "\n" + third.document());
    Files.writeString(folder.resolve("readme.txt"), "no run");

    RunReplayer.of(job(code)).replay(folder.resolve("1.json")).assertSame();
    assertThat(RunReplayer.of(job(changed)).replay(folder).runs())
        .extracting(run -> run.run())
        .containsExactly(first.run(), second.run(), third.run());
    assertThatThrownBy(() -> RunReplayer.of(job(changed)).replay(folder).assertSame())
        .isInstanceOf(AssertionError.class)
        .hasMessage(
            "3 of 3 recorded runs would not go on as they began\n\n"
                + folder.resolve("1.json")
                + ":1: run "
                + first.run()
                + " of job \"job\", which waits for sleep \"nap\"\n"
                + "- step \"b\" is not stored, and the run went on to step \"a\" and 1 more; if it"
                + " is a new name, say StepOptions.formerly(\"a\"), and what is new for runs under"
                + " way asks ctx.version\n\n"
                + folder.resolve("2.jsonl")
                + ":1: run "
                + second.run()
                + " of job \"job\", which was completed\n"
                + "- sleep \"nap\" is not stored, and the run completed without it\n\n"
                + folder.resolve("2.jsonl")
                + ":3: run "
                + third.run()
                + " of job \"job\", which waits for sleep \"nap\"\n"
                + "- step \"b\" is not stored, and the run went on to step \"a\" and 1 more; if it"
                + " is a new name, say StepOptions.formerly(\"a\"), and what is new for runs under"
                + " way asks ctx.version");
  }

  @Test
  void directoryWithoutRuns_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RunReplayer.of(job(code)).replay(folder))
        .withMessage(
            "there is no exported run in " + folder + "; SchedulerClient.exportRun writes one");
  }

  @Test
  void textThatIsNoRun_isRefusedWithItsPlace() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RunReplayer.of(job(code)).replay(new StringReader("\n[1]\n")))
        .withMessage("text:2: not an exported run, at $: expected an object, was an array");
  }

  @Test
  void documentOfALaterFormat_isRefused() throws IOException {
    String later = record(code).document().replace("belfry-run-1", "belfry-run-2");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> RunReplayer.of(job(code)).replay(new StringReader(later)))
        .withMessage(
            "text:1: format of an exported run must be \"belfry-run-1\", was \"belfry-run-2\"");
  }

  @Test
  void runOfAnotherCodec_isRefused() throws IOException {
    Recording recording = record(code);
    String other = recording.document().replace("\"codec\":\"json\"", "\"codec\":\"cbor\"");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> RunReplayer.of(job(code)).replay(new StringReader(other)))
        .withMessage(
            "text:1: run "
                + recording.run()
                + " was written by codec \"cbor\", and is read by \"json\"; read it by the codec of"
                + " its scheduler");
  }

  @Test
  void exportOfAnUnknownRun_isRefused() throws IOException {
    Recording recording = record(code);
    try (var scheduler = new World().start()) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> export(scheduler, recording.run()))
          .withMessage("there is no run " + recording.run());
    }
  }

  @Test
  void document_isOneLine() throws IOException {
    Recording recording = record(code);

    assertThat(recording.document())
        .startsWith("{\"format\":\"belfry-run-1\",\"run\":\"" + recording.run() + "\",")
        .endsWith("}\n")
        .hasLineCount(1);
  }
}
