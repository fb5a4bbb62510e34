// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which destinations are allowed; see destinations.txt. */
class DestinationGuardTest {
  private static final URI HOOKS = URI.create("https://hooks.example.com/");

  static List<Destination> table() throws IOException {
    return Destination.table();
  }

  @ParameterizedTest
  @MethodSource("table")
  void resolve_answersAsTheTableSays(Destination row) throws IOException {
    var dialler = new RecordingDialler(name -> row.answers());
    DestinationGuard guard = DestinationGuard.standard().withDialler(dialler);

    assertThat(verdict(() -> guard.resolve(row.uri()))).isEqualTo(row.verdict());
    assertThat(dialler.dialled).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("table")
  void check_asksNoNameServer_andAgrees(Destination row) throws IOException {
    var dialler = new RecordingDialler(name -> row.answers());
    DestinationGuard guard = DestinationGuard.standard().withDialler(dialler);

    String verdict = verdict(() -> guard.check(row.uri()));

    boolean onlyTheAddressIsWrong = row.url().equals("https://rebound.example.com/");
    assertThat(verdict).isEqualTo(onlyTheAddressIsWrong ? "ALLOWED" : row.verdict());
    assertThat(dialler.asked).isEmpty();
  }

  @Test
  void table_has150Rows_andSomeOfEachRule() throws IOException {
    Set<String> verdicts =
        Destination.table().stream().map(Destination::verdict).collect(Collectors.toSet());

    assertThat(Destination.table()).hasSizeGreaterThan(150);
    assertThat(verdicts).hasSize(1 + DestinationRule.values().length);
  }

  @ParameterizedTest
  @EnumSource
  void error_namesTheRuleAndNoAddress(DestinationRule rule) {
    assertThat(new DestinationRefusedException(rule))
        .hasMessage("destination not allowed: " + rule.sentence() + " (rule " + rule + ")")
        .extracting(DestinationRefusedException::rule)
        .isEqualTo(rule);
  }

  @Test
  void refusedName_isRefusedWithoutItsAddress() {
    DestinationGuard guard = answering("10.1.2.3");

    assertThatThrownBy(() -> guard.resolve(HOOKS))
        .isInstanceOf(DestinationRefusedException.class)
        .hasMessage(
            "destination not allowed: each address of its host must be one of the public Internet"
                + " (rule ADDRESS)");
  }

  @Test
  void withNetwork_allowsWhatItHolds_andNothingBeside() throws IOException {
    DestinationGuard guard = answering("10.1.2.3").withNetwork("10.1.0.0/16");

    assertThat(guard.resolve(HOOKS)).containsExactly(Destination.address("10.1.2.3"));
    guard.check(URI.create("https://10.1.255.255/"));
    assertThat(verdict(() -> guard.check(URI.create("https://10.2.0.0/")))).isEqualTo("ADDRESS");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0/0", "169.254.0.0/16", "169.254.169.254/32"})
  void metadata_isRefusedWhateverIsAllowed(String network) {
    DestinationGuard guard =
        answering("169.254.169.254").withNetwork(network).withHost("hooks.example.com");

    assertThat(verdict(() -> guard.resolve(HOOKS))).isEqualTo("METADATA");
    assertThat(verdict(() -> guard.check(URI.create("https://169.254.169.254/"))))
        .isEqualTo("METADATA");
  }

  @Test
  void withHost_allowsANameWithItsAddresses_andNotTheAddressesThemselves() throws IOException {
    DestinationGuard guard = answering("10.1.2.3").withHost("Billing.internal.");

    assertThat(guard.resolve(URI.create("https://billing.internal/"))).hasSize(1);
    assertThat(verdict(() -> guard.resolve(HOOKS))).isEqualTo("ADDRESS");
    assertThat(verdict(() -> guard.check(URI.create("https://x.billing.internal/"))))
        .isEqualTo("NAME");
    assertThat(verdict(() -> guard.check(URI.create("https://10.1.2.3/")))).isEqualTo("ADDRESS");
  }

  @Test
  void withPlainHttp_andWithPort_allowJustThat() {
    DestinationGuard guard = DestinationGuard.standard().withPlainHttp().withPort(25);

    guard.check(URI.create("http://hooks.example.com/"));
    guard.check(URI.create("https://hooks.example.com:25/"));
    assertThat(verdict(() -> guard.check(URI.create("ftp://hooks.example.com/"))))
        .isEqualTo("SCHEME");
    assertThat(verdict(() -> guard.check(URI.create("https://hooks.example.com:26/"))))
        .isEqualTo("PORT");
  }

  @Test
  void nameWithoutAddress_isUnknown() {
    DestinationGuard guard =
        DestinationGuard.standard().withDialler(new RecordingDialler(name -> List.of()));

    assertThatThrownBy(() -> guard.resolve(HOOKS))
        .isInstanceOf(UnknownHostException.class)
        .hasMessage("hooks.example.com");
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.0", "10.0.0.1/8", "10.0.0.0/33", "x/8", "010.0.0.0/8", "::/129"})
  void networksOfAnotherForm_areRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DestinationGuard.standard().withNetwork(text))
        .withMessage(
            "bad network \""
                + text
                + "\": it must be like 10.0.0.0/8 or fc00::/7, without further bits");
  }

  @Test
  void otherWrongSettings_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DestinationGuard.standard().withHost("10.0.0.1"))
        .withMessage("bad host \"10.0.0.1\": it must be a name; allow addresses by withNetwork");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DestinationGuard.standard().withPort(0))
        .withMessage("a port must be 1 to 65535, was 0");
  }

  private static DestinationGuard answering(String address) {
    List<InetAddress> answer = List.of(Destination.address(address));
    return DestinationGuard.standard().withDialler(new RecordingDialler(name -> answer));
  }

  private interface Call {
    void run() throws IOException;
  }

  private static String verdict(Call call) {
    try {
      call.run();
      return "ALLOWED";
    } catch (DestinationRefusedException refused) {
      return refused.rule().name();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
