// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.cron;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import dev.belfry.schedule.CronDialect;
import dev.belfry.schedule.CronExpression;
import dev.belfry.schedule.DstPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TimeZone;
import java.util.jar.Attributes;
import java.util.jar.JarFile;

/** A library that reads cron expressions, asked through what all of them can do. */
enum Library {
  BELFRY("Belfry", CronExpression.class, CronDialect.values()) {
    @Override
    Cron parse(String text, CronDialect dialect) {
      CronExpression cron = CronExpression.parse(text, dialect);
      return (after, zone) -> cron.next(after.atZone(zone)).map(ZonedDateTime::toInstant);
    }
  },

  BELFRY_SKIP("Belfry, `SKIP`", CronExpression.class, CronDialect.UNIX) {
    @Override
    Cron parse(String text, CronDialect dialect) {
      CronExpression cron = CronExpression.parse(text, dialect);
      return (after, zone) ->
          cron.next(after.atZone(zone), DstPolicy.SKIP).map(ZonedDateTime::toInstant);
    }
  },

  SPRING(
      "Spring", org.springframework.scheduling.support.CronExpression.class, CronDialect.SPRING) {
    @Override
    Cron parse(String text, CronDialect dialect) {
      var cron = org.springframework.scheduling.support.CronExpression.parse(text);
      return (after, zone) ->
          Optional.ofNullable(cron.next(after.atZone(zone))).map(ZonedDateTime::toInstant);
    }
  },

  QUARTZ("Quartz", org.quartz.CronExpression.class, CronDialect.QUARTZ) {
    @Override
    Cron parse(String text, CronDialect dialect) throws ParseException {
      var cron = new org.quartz.CronExpression(text);
      return (after, zone) -> {
        cron.setTimeZone(TimeZone.getTimeZone(zone));
        return Optional.ofNullable(cron.getNextValidTimeAfter(Date.from(after)))
            .map(Date::toInstant);
      };
    }
  },

  CRON_UTILS("cron-utils", ExecutionTime.class, CronDialect.values()) {
    @Override
    Cron parse(String text, CronDialect dialect) {
      CronType type =
          switch (dialect) {
            case UNIX -> CronType.UNIX;
            case SPRING -> CronType.SPRING53;
            case QUARTZ -> CronType.QUARTZ;
          };
      var parser = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(type));
      var cron = ExecutionTime.forCron(parser.parse(text));
      return (after, zone) -> cron.nextExecution(after.atZone(zone)).map(ZonedDateTime::toInstant);
    }
  },

  JOBRUNR(
      "JobRunr",
      org.jobrunr.scheduling.cron.CronExpression.class,
      CronDialect.UNIX,
      CronDialect.SPRING) {
    @Override
    Cron parse(String text, CronDialect dialect) {
      var cron = new org.jobrunr.scheduling.cron.CronExpression(text);
      return (after, zone) -> Optional.ofNullable(cron.next(after, after, zone));
    }
  };

  /** An expression that the library has read. */
  @FunctionalInterface
  interface Cron {
    /** Returns the library's answer, which need not be later than the question. */
    Optional<Instant> next(Instant after, ZoneId zone);
  }

  private final String label;
  private final Class<?> type;

  @SuppressWarnings("ImmutableEnumChecker") // it is a Set.of
  private final Set<CronDialect> dialects;

  Library(String label, Class<?> type, CronDialect... dialects) {
    this.label = label;
    this.type = type;
    this.dialects = Set.of(dialects);
  }

  /** Reads an expression; throws what the library throws if it refuses. */
  abstract Cron parse(String text, CronDialect dialect) throws Exception;

  String label() {
    return label;
  }

  boolean reads(CronDialect dialect) {
    return dialects.contains(dialect);
  }

  static List<Library> all() {
    return List.of(values());
  }

  static List<Library> peers() {
    return List.of(SPRING, QUARTZ, CRON_UTILS, JOBRUNR);
  }

  /** Returns the version that the manifest of the library's jar names. */
  String version() {
    try (var jar =
        new JarFile(
            Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toFile())) {
      Attributes manifest = jar.getManifest().getMainAttributes();
      String version = manifest.getValue("Implementation-Version");
      return version != null ? version : manifest.getValue("Bundle-Version");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Reads an expression in a dialect of the library.
   *
   * @param minuteAndHour the two fields, written alike in all dialects; every day is meant
   */
  Cron everyDay(String minuteAndHour) {
    try {
      return reads(CronDialect.UNIX)
          ? parse(minuteAndHour + " * * *", CronDialect.UNIX)
          : reads(CronDialect.QUARTZ)
              ? parse("0 " + minuteAndHour + " * * ?", CronDialect.QUARTZ)
              : parse("0 " + minuteAndHour + " * * *", CronDialect.SPRING);
    } catch (Exception e) {
      throw new IllegalArgumentException(label + " refuses " + minuteAndHour, e);
    }
  }
}
