// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Addresses that begin with the same bits.
 *
 * @param bytes an address of it, 4 or 16 bytes
 * @param prefix how many bits are the same
 */
record Network(byte[] bytes, int prefix) {
  private static final Pattern TEXT = Pattern.compile("([0-9a-fA-F:.]+)/(\\d{1,3})");

  /**
   * Reads a network like {@code 10.0.0.0/8} or {@code fc00::/7}.
   *
   * @throws IllegalArgumentException if it is none, or has bits after its prefix
   */
  static Network of(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw bad(text);
    }
    byte[] bytes = HostText.address(matcher.group(1)).orElseThrow(() -> bad(text)).getAddress();
    int prefix = Integer.parseInt(matcher.group(2));
    if (prefix > 8 * bytes.length || !Arrays.equals(bytes, masked(bytes, prefix))) {
      throw bad(text);
    }
    return new Network(bytes, prefix);
  }

  boolean contains(InetAddress address) {
    byte[] other = address.getAddress();
    return other.length == bytes.length && Arrays.equals(bytes, masked(other, prefix));
  }

  private static byte[] masked(byte[] bytes, int prefix) {
    byte[] masked = bytes.clone();
    for (int i = 0; i < masked.length; i++) {
      int kept = Math.max(0, Math.min(8, prefix - 8 * i));
      masked[i] &= (byte) (0xff << (8 - kept));
    }
    return masked;
  }

  private static IllegalArgumentException bad(String text) {
    return new IllegalArgumentException(
        "bad network \""
            + text
            + "\": it must be like 10.0.0.0/8 or fc00::/7, without further bits");
  }
}
