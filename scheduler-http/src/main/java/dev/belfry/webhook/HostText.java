// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Hosts as texts. Addresses are read here and not by {@link InetAddress}, which takes forms that
 * other programs read otherwise, and looks up what it can't read.
 */
final class HostText {
  private static final String OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]\\d|\\d)";
  private static final Pattern IPV4 = Pattern.compile("(?:" + OCTET + "\\.){3}" + OCTET);
  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:.]*");
  private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
  private static final Pattern NAME = Pattern.compile("(" + LABEL + "\\.)*" + LABEL);

  /** What glibc and others would take for a number, and so the whole for an address. */
  private static final Pattern NUMBER = Pattern.compile("(.*\\.)?(\\d+|0x[0-9a-f]*)");

  private HostText() {}

  /** Returns an address in canonical form, without brackets; never asks a name server. */
  static Optional<InetAddress> address(String text) {
    if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      InetAddress address = InetAddress.getByName(text);
      boolean wrapped = text.indexOf(':') >= 0 && !(address instanceof Inet6Address);
      return wrapped ? Optional.empty() : Optional.of(address); // ::ffff:1.2.3.4 is unwrapped
    } catch (UnknownHostException malformed) { // a text with a colon is never looked up
      return Optional.empty();
    }
  }

  /**
   * Returns whether a text is a host name that can't be read as a number by anybody.
   *
   * @param text in small letters
   */
  static boolean isName(String text) {
    return text.length() <= 253 && NAME.matcher(text).matches() && !NUMBER.matcher(text).matches();
  }
}
