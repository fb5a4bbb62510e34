// SPDX-License-Identifier: Apache-2.0

package dev.belfry.benchmarks.databases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MessageTest {
  @Test
  void toString_isOneLineThatParseReads() {
    Message message = Message.of("open").with("url", "a b=c\n&d").with("connections", 20);

    assertThat(message).hasToString("open connections=20 url=a+b%3Dc%0A%26d");
    assertThat(Message.parse(message.toString())).isEqualTo(message);
  }

  @Test
  void text_missing_saysWhatTheMessageHas() {
    Message message = Message.parse("drain runs=5");

    assertThat(message.count("runs")).isEqualTo(5);
    assertThatThrownBy(() -> message.text("seconds"))
        .hasMessage("\"drain\" needs seconds, has {runs=5}");
  }

  @Test
  void parse_factWithoutName_isRefused() {
    assertThatThrownBy(() -> Message.parse("drain 5"))
        .hasMessage("a fact must be name=value, was \"5\" in \"drain 5\"");
  }
}
