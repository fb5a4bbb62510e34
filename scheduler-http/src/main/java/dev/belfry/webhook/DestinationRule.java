// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

/** A rule that destinations have to keep. */
public enum DestinationRule {
  /** The scheme is {@code https}, or {@code http} where that is allowed. */
  SCHEME("its scheme must be https, or http where that is allowed"),

  /** The URL has a host, no user name or password, no fragment, and at most 2,000 characters. */
  FORM("it must have a host, no user name, no fragment, and at most 2000 characters"),

  /**
   * The host is an address in its one canonical form, or a name of ASCII letters, digits and
   * hyphens. Other forms mean different hosts to different programs: {@code 0177.0.0.1}, {@code
   * 127.1}, {@code 0x7f000001}.
   */
  HOST("its host must be a name in ASCII or an address in canonical form"),

  /** The name has several labels, and is not one of a private network, such as {@code .local}. */
  NAME("its host name must be one of the public Internet"),

  /** The port is 80, 443, or from 1024 on and not that of a known service other than HTTP. */
  PORT("its port must be 80, 443, or one from 1024 on that no other service is known for"),

  /** Each address of the host is one of the public Internet. */
  ADDRESS("each address of its host must be one of the public Internet"),

  /** No address of the host is one that gives out credentials in a cloud; nothing allows those. */
  METADATA("no address of its host may be that of a cloud's metadata service");

  private final String sentence;

  DestinationRule(String sentence) {
    this.sentence = sentence;
  }

  String sentence() {
    return sentence;
  }
}
