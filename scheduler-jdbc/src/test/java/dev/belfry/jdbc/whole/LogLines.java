// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc.whole;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Keeps what Belfry logs in this JVM, by the thread that logged it. Named in logback-test.xml. */
public final class LogLines extends AppenderBase<ILoggingEvent> {
  private record Line(String thread, String text) {}

  private static final Queue<Line> LINES = new ConcurrentLinkedQueue<>();

  @Override
  protected void append(ILoggingEvent event) {
    LINES.add(
        new Line(event.getThreadName(), event.getLevel() + " " + event.getFormattedMessage()));
  }

  /** Returns what the node of that name has logged on its control loop. */
  static List<String> of(String node) {
    return LINES.stream()
        .filter(line -> line.thread().equals("belfry-" + node))
        .map(Line::text)
        .toList();
  }
}
