// SPDX-License-Identifier: Apache-2.0
package dev.belfry.examples.quickstart;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * What the command line asks for.
 *
 * @param data the folder of the database
 * @param smtp the mail server; empty: the example starts one
 * @param crash whether to kill this JVM in the middle of the clean-up
 * @param stay whether to go on until it is stopped
 * @param help whether to say what the options are, and nothing else
 */
record Options(Path data, Optional<SmtpServer> smtp, boolean crash, boolean stay, boolean help) {
  static final String HELP =
      """
      The nightly clean-up and the mail queue of a small application.

        --data DIR         the folder of the database; default: data
        --smtp HOST:PORT   the mail server; default: one that starts with the example
        --crash            kill this JVM in the middle of the clean-up; start again to see it go on
        --stay             go on until Ctrl-C, with the dashboard; default: end when nothing is left to do
        --help             this text
      """;

  /** Where mails go. */
  record SmtpServer(String host, int port) {
    static SmtpServer parse(String text) {
      int colon = text.lastIndexOf(':');
      if (colon > 0 && text.substring(colon + 1).matches("[0-9]{1,5}")) {
        return new SmtpServer(
            text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
      }
      throw new IllegalArgumentException(
          "--smtp needs HOST:PORT, such as localhost:25, was \"" + text + "\"");
    }
  }

  static Options parse(String... args) {
    Path data = Path.of("data");
    Optional<SmtpServer> smtp = Optional.empty();
    boolean crash = false;
    boolean stay = false;
    boolean help = false;
    for (Iterator<String> rest = List.of(args).iterator(); rest.hasNext(); ) {
      String option = rest.next();
      switch (option) {
        case "--data" -> data = Path.of(valueOf(option, rest));
        case "--smtp" -> smtp = Optional.of(SmtpServer.parse(valueOf(option, rest)));
        case "--crash" -> crash = true;
        case "--stay" -> stay = true;
        case "--help" -> help = true;
        default -> throw new IllegalArgumentException("unknown option \"" + option + "\"");
      }
    }
    return new Options(data, smtp, crash, stay, help);
  }

  private static String valueOf(String option, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new IllegalArgumentException(option + " needs a value");
    }
    return rest.next();
  }
}
