// SPDX-License-Identifier: Apache-2.0
package dev.belfry.http.security;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Networks like {@code 10.0.0.0/8}, in which an address is or not. Immutable. */
public final class Networks {
  private static final Pattern FORM =
      Pattern.compile("(\\d{1,3}(?:\\.\\d{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]*)/(\\d{1,3})");
  private static final Networks NONE = new Networks(List.of());

  private final List<Block> blocks;

  private record Block(byte[] bytes, int prefix) {
    boolean contains(byte[] other) {
      return other.length == bytes.length && Arrays.equals(bytes, masked(other, prefix));
    }
  }

  private Networks(List<Block> blocks) {
    this.blocks = blocks;
  }

  /** Returns no networks. */
  public static Networks none() {
    return NONE;
  }

  /**
   * Reads networks.
   *
   * @throws IllegalArgumentException if one is none, or has bits after its prefix
   */
  public static Networks of(List<String> texts) {
    return new Networks(texts.stream().map(Networks::block).toList());
  }

  private static Block block(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw bad(text);
    }
    byte[] bytes = address(matcher.group(1), text);
    int prefix = Integer.parseInt(matcher.group(2));
    if (prefix > 8 * bytes.length || !Arrays.equals(bytes, masked(bytes, prefix))) {
      throw bad(text);
    }
    return new Block(bytes, prefix);
  }

  private static byte[] address(String address, String text) {
    try {
      return InetAddress.getByName(address).getAddress(); // its form is that of no name
    } catch (UnknownHostException malformed) {
      throw bad(text);
    }
  }

  /** Returns whether there is none. */
  public boolean isEmpty() {
    return blocks.isEmpty();
  }

  /** Returns whether an address is in one of them. */
  public boolean contains(InetAddress address) {
    byte[] bytes = address.getAddress();
    return blocks.stream().anyMatch(block -> block.contains(bytes));
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
        "bad network \"" + text + "\": it must be like 10.0.0.0/8 or fc00::/7, without more bits");
  }
}
