// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * A row of destinations.txt.
 *
 * @param answers what the name server says
 * @param verdict ALLOWED, or the rule that refuses it
 */
record Destination(String url, List<InetAddress> answers, String verdict, String why) {
  static List<Destination> table() throws IOException {
    try (var reader =
        new BufferedReader(
            new InputStreamReader(
                Destination.class.getResourceAsStream("destinations.txt"), UTF_8))) {
      return reader.lines().filter(line -> !line.startsWith("#")).map(Destination::of).toList();
    }
  }

  private static Destination of(String line) {
    String[] cells = line.split(" \\| ", -1);
    List<InetAddress> answers =
        Arrays.stream(cells[1].split(" ", 0))
            .filter(text -> !text.isEmpty())
            .map(Destination::address)
            .toList();
    return new Destination(cells[0], answers, cells[2], cells[3]);
  }

  static InetAddress address(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  /** Returns the URL, also where it is such that a stricter parser would refuse it. */
  URI uri() {
    return URI.create(url);
  }

  boolean isAllowed() {
    return verdict.equals("ALLOWED");
  }

  @Override
  public String toString() {
    return url + " (" + why + ")";
  }
}
