// SPDX-License-Identifier: Apache-2.0
package dev.belfry.run;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.io.Writer;

/**
 * What went wrong in a pass, as text that every store can keep: at most 16 KiB of UTF-8 for the
 * trace and 2 KiB for the message, without NUL and unpaired surrogates.
 *
 * @param type the class name of what was thrown
 * @param message its message, empty if it had none
 * @param trace its stack trace with causes, cut at the cap; empty where there is none
 */
public record Failure(String type, String message, String trace) {
  private static final int MAX_MESSAGE = 2 * 1024;
  private static final int MAX_TRACE = 16 * 1024;

  /** Cuts and cleans the texts. */
  public Failure {
    type = Text.clean(requireNonNull(type, "type"), MAX_MESSAGE);
    message = Text.clean(requireNonNull(message, "message"), MAX_MESSAGE);
    trace = Text.clean(requireNonNull(trace, "trace"), MAX_TRACE);
  }

  /** Describes a failure that no exception stands for. */
  public static Failure of(String type, String message) {
    return new Failure(type, message, "");
  }

  /**
   * Describes what was thrown. Never throws itself, whatever the message or the causes do.
   *
   * @param thrown what the handler threw
   */
  public static Failure of(Throwable thrown) {
    return new Failure(thrown.getClass().getName(), messageOf(thrown), traceOf(thrown));
  }

  private static String messageOf(Throwable thrown) {
    try {
      String message = thrown.getMessage();
      return message == null ? "" : message;
    } catch (Throwable broken) { // the exception is a stranger's code
      return "(its getMessage() threw " + broken.getClass().getName() + ")";
    }
  }

  private static String traceOf(Throwable thrown) {
    var trace = new CappedWriter();
    try {
      thrown.printStackTrace(new PrintWriter(trace));
    } catch (Full full) {
      // as much as the cap allows was written
    } catch (Throwable broken) { // a stranger's code, or a stack that is itself too deep to print
      return trace.text + "(its stack trace threw " + broken.getClass().getName() + ")";
    }
    return trace.text.toString();
  }

  /** Returns type and message, as a throwable does: {@code java.io.IOException: no disk}. */
  @Override
  public String toString() {
    return message.isEmpty() ? type : type + ": " + message;
  }

  /** Stops the printing of a trace, however long, at the cap. */
  private static final class CappedWriter extends Writer {
    private final StringBuilder text = new StringBuilder();

    @Override
    public void write(char[] chars, int offset, int length) {
      text.append(chars, offset, Math.min(length, MAX_TRACE + 1 - text.length()));
      if (text.length() > MAX_TRACE) {
        throw new Full();
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  private static final class Full extends RuntimeException {
    private static final long serialVersionUID = 1;

    Full() {
      super("full", null, false, false);
    }
  }
}
