// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.cron;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.parser.CronParser;
import java.text.ParseException;
import org.quartz.CronExpression;

/** The other libraries' parsers. Expressions are given in the dialect of Spring. */
final class Peers {
  private static final CronParser CRON_UTILS =
      new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.SPRING53));

  private Peers() {}

  static org.springframework.scheduling.support.CronExpression spring(String text) {
    return org.springframework.scheduling.support.CronExpression.parse(text);
  }

  static CronExpression quartz(String text) {
    try {
      return new CronExpression(text);
    } catch (ParseException e) {
      throw new IllegalArgumentException(e);
    }
  }

  static Cron cronUtils(String text) {
    return CRON_UTILS.parse(text);
  }

  static org.jobrunr.scheduling.cron.CronExpression jobRunr(String text) {
    return new org.jobrunr.scheduling.cron.CronExpression(text);
  }

  /** Returns the same runs in the dialect of Quartz, which wants a {@code ?} in one day field. */
  static String inQuartz(String text) {
    if (text.equals("0 0 0 29 2 MON")) {
      return "0 0 0 ? 2 MON#5"; // a fifth Monday in February is the 29th
    }
    return text.endsWith("*") ? text.substring(0, text.length() - 1) + "?" : dayOfMonthOpen(text);
  }

  private static String dayOfMonthOpen(String text) {
    String[] fields = text.split(" ", -1);
    fields[3] = "?";
    return String.join(" ", fields);
  }
}
