// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Month;
import java.time.format.TextStyle;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The words in which {@link CronExpression#describe(CronWording)} describes an expression.
 * Immutable and thread-safe.
 *
 * <p>The English ones are in the file {@code cron-wording.properties} beside this class. A
 * translation has a text for each of its keys.
 */
public final class CronWording {
  private static final CronWording ENGLISH = new CronWording(Locale.ENGLISH, englishTexts());

  private final Locale locale;
  private final Map<String, String> texts;

  private CronWording(Locale locale, Map<String, String> texts) {
    this.locale = locale;
    this.texts = texts;
  }

  /** Returns the English words. */
  public static CronWording english() {
    return ENGLISH;
  }

  /**
   * Returns the words of another language.
   *
   * @param locale names the months and the days of the week
   * @param texts a text for each key of {@link #texts()} of {@link #english()}
   * @throws IllegalArgumentException if a key is missing or unknown
   */
  public static CronWording of(Locale locale, Map<String, String> texts) {
    var missing = new TreeSet<>(ENGLISH.texts.keySet());
    missing.removeAll(texts.keySet());
    var unknown = new TreeSet<>(texts.keySet());
    unknown.removeAll(ENGLISH.texts.keySet());
    if (!missing.isEmpty() || !unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "texts must have the keys of the English ones; missing: "
              + missing
              + ", unknown: "
              + unknown);
    }
    return new CronWording(requireNonNull(locale, "locale"), Map.copyOf(texts));
  }

  /** Returns the texts by their keys; {@code {0}} and so on stand for what is filled in. */
  public Map<String, String> texts() {
    return new TreeMap<>(texts);
  }

  String text(String key, String... parts) {
    String text = requireNonNull(texts.get(key), key);
    for (int i = 0; i < parts.length; i++) {
      text = text.replace("{" + i + "}", parts[i]);
    }
    return text;
  }

  /** The name of a weekday, Sunday being 0. */
  String weekday(int value) {
    return DayOfWeek.of(value == 0 ? 7 : value).getDisplayName(TextStyle.FULL, locale);
  }

  String month(int value) {
    return Month.of(value).getDisplayName(TextStyle.FULL, locale);
  }

  private static Map<String, String> englishTexts() {
    var properties = new Properties();
    try (Reader file =
        new InputStreamReader(
            requireNonNull(CronWording.class.getResourceAsStream("cron-wording.properties")),
            StandardCharsets.UTF_8)) {
      properties.load(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var texts = new TreeMap<String, String>();
    properties.stringPropertyNames().forEach(key -> texts.put(key, properties.getProperty(key)));
    return texts;
  }
}
