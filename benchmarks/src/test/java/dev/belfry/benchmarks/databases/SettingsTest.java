// SPDX-License-Identifier: Apache-2.0

package dev.belfry.benchmarks.databases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import org.junit.jupiter.api.Test;

class SettingsTest {
  @Test
  void of_nothing_meansEverything() {
    Settings settings = Settings.of();

    assertThat(settings.rows()).hasSameSizeAs(Rows.all());
    assertThat(settings.contenders()).containsExactly(Contender.values());
    assertThat(settings.products()).containsExactly(Product.values());
    assertThat(settings.rounds()).isEqualTo(5);
    assertThat(settings.runs()).isEqualTo(50_000);
  }

  @Test
  void of_words_takesThemInAnyOrder() {
    Settings settings = Settings.of("belfry", "--rounds", "2", "drain", "raw", "h2");

    assertThat(settings.rows()).extracting(Row::key).containsExactly("drain");
    assertThat(settings.contenders())
        .isEqualTo(EnumSet.of(Contender.BELFRY, Contender.RAW_100, Contender.RAW_500));
    assertThat(settings.products()).isEqualTo(EnumSet.of(Product.H2));
    assertThat(settings.rounds()).isEqualTo(2);
  }

  @Test
  void of_unknownWord_saysWhatThereIs() {
    assertThatThrownBy(() -> Settings.of("drains"))
        .hasMessage("unknown word \"drains\"; the usage is\n" + Settings.USAGE);
  }

  @Test
  void of_optionThatIsNoNumber_isRefused() {
    assertThatThrownBy(() -> Settings.of("--rounds", "0"))
        .hasMessage("--rounds must be a number of at least 1, was \"0\"");
    assertThatThrownBy(() -> Settings.of("drain", "--runs"))
        .hasMessage("--runs must be a number of at least 1, was \"\"");
  }
}
