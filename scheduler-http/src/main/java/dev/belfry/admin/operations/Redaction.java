// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import dev.belfry.run.Failure;
import dev.belfry.run.Pass;
import dev.belfry.run.Run;
import dev.belfry.run.RunState;
import dev.belfry.store.Payload;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Hides secrets in what people see: inputs, results, values of steps, data of events, errors, logs,
 * notes. What stands under a key that looks secret is hidden whatever it is, unless it is null; so
 * are tokens that tell themselves by their form, anywhere in a text. Immutable.
 *
 * <p>It is a net, not a promise: a secret under a harmless name is seen. Keep secrets out of
 * inputs.
 */
public final class Redaction {
  /** What stands in the place of a secret. */
  public static final String HIDDEN = "•••";

  /** A key is secret that holds one of these, whatever separates its words. */
  private static final List<String> SECRET =
      List.of(
          "password",
          "passwd",
          "passphrase",
          "secret",
          "token",
          "authorization",
          "apikey",
          "accesskey",
          "privatekey",
          "credential",
          "cookie",
          "creditcard",
          "cardnumber");

  /** A key is secret that has one of these as a word: "discard" is not about cards. */
  private static final Set<String> SECRET_WORDS =
      Set.of("card", "cards", "ssn", "pwd", "cvc", "cvv");

  private static final Pattern WORD_END =
      Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|[^\\p{L}\\p{N}]+");
  private static final Pattern SEPARATOR = Pattern.compile("[^\\p{L}\\p{N}]+");

  private static final Redaction STANDARD = new Redaction(List.of());

  private final List<Pattern> more;
  private final SecretText texts = new SecretText(this::isSecret);
  private final SecretJson trees = new SecretJson(this::isSecret, texts::hide);

  private Redaction(List<Pattern> more) {
    this.more = more;
  }

  /** Returns the redaction of what usually is secret. */
  public static Redaction standard() {
    return STANDARD;
  }

  /**
   * Returns this redaction with further secret keys.
   *
   * @param patterns regular expressions that are looked for anywhere in a key, in any case
   * @throws IllegalArgumentException if one is not a regular expression
   */
  public Redaction withKeys(String... patterns) {
    Stream<Pattern> added =
        Stream.of(patterns).map(each -> Pattern.compile(each, Pattern.CASE_INSENSITIVE));
    return new Redaction(Stream.concat(more.stream(), added).toList());
  }

  /** Returns whether what stands under a key is hidden. */
  public boolean isSecret(String key) {
    String plain = SEPARATOR.matcher(key).replaceAll("").toLowerCase(Locale.ROOT);
    return SECRET.stream().anyMatch(plain::contains)
        || WORD_END
            .splitAsStream(key)
            .map(word -> word.toLowerCase(Locale.ROOT))
            .anyMatch(SECRET_WORDS::contains)
        || more.stream().anyMatch(pattern -> pattern.matcher(key).find());
  }

  /** Returns a text for people, such as a message or log lines, without secrets. */
  public String text(String text) {
    return texts.hide(text);
  }

  /** Returns JSON text without secrets; empty if it is not JSON. Numbers stay as they are. */
  public Optional<String> json(String text) {
    return shown(text, "json").json();
  }

  /** Returns stored data for people. */
  public Shown payload(Payload payload) {
    return payload.codec().equals("json")
        ? trees.shown(payload.toString(), payload.codec(), payload.size())
        : new Shown(Optional.empty(), payload.codec(), payload.size(), false);
  }

  /**
   * Returns data for people that are kept as text.
   *
   * @param text perhaps without its end
   * @param codec the id of the codec that wrote it
   */
  Shown shown(String text, String codec) {
    long bytes = text.getBytes(StandardCharsets.UTF_8).length;
    return codec.equals("json")
        ? trees.shown(text, codec, bytes)
        : new Shown(Optional.empty(), codec, bytes, false);
  }

  /** Returns notes without secrets. */
  public Map<String, String> notes(Map<String, String> notes) {
    var shown = new LinkedHashMap<String, String>();
    notes.forEach((key, value) -> shown.put(key, isSecret(key) ? HIDDEN : text(value)));
    return shown;
  }

  /** Returns a failure without secrets. */
  public Failure failure(Failure failure) {
    return new Failure(failure.type(), text(failure.message()), text(failure.trace()));
  }

  /** Returns a run whose errors, reasons and notes have no secrets. */
  public Run run(Run run) {
    return new Run(
        run.id(),
        run.job(),
        run.priority(),
        state(run.state()),
        run.createdAt(),
        run.dueAt(),
        run.startedAt(),
        run.trigger(),
        run.tags(),
        run.counters(),
        notes(run.notes()),
        run.cancelRequested());
  }

  private RunState state(RunState state) {
    if (state instanceof RunState.Failed failed) {
      return new RunState.Failed(failed.at(), failure(failed.failure()));
    } else if (state instanceof RunState.TimedOut late) {
      return new RunState.TimedOut(late.at(), failure(late.failure()));
    } else if (state instanceof RunState.Blocked blocked) {
      return new RunState.Blocked(text(blocked.reason()), blocked.attempt());
    } else if (state instanceof RunState.Waiting waiting) {
      return new RunState.Waiting(text(waiting.reason()), waiting.attempt());
    } else if (state instanceof RunState.Cancelled cancelled) {
      return new RunState.Cancelled(cancelled.at(), text(cancelled.reason()));
    } else if (state instanceof RunState.Skipped skipped) {
      return new RunState.Skipped(skipped.at(), text(skipped.reason()));
    }
    return state;
  }

  /** Returns a pass whose errors, notes and log lines have no secrets. */
  public Pass pass(Pass pass) {
    return new Pass(
        pass.run(),
        pass.fence(),
        pass.job(),
        pass.attempt(),
        pass.event(),
        pass.node(),
        pass.startedAt(),
        pass.endedAt(),
        pass.ran(),
        text(pass.detail()),
        pass.failure().map(this::failure),
        pass.counters(),
        notes(pass.notes()),
        text(pass.log()));
  }
}
