// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be written into a page, and what can't. */
class HtmlTest {
  @Test
  void text_isEscaped() {
    assertThat(Html.tag("p", "<script>alert('1')</script> & \"more\"").markup())
        .isEqualTo("<p>&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;more&quot;</p>");
  }

  @Test
  void attribute_isEscaped() {
    assertThat(Html.tag("b").with("title", "\"><img onerror=alert(1)>'").markup())
        .isEqualTo("<b title=\"&quot;&gt;&lt;img onerror=alert(1)&gt;&#39;\"></b>");
  }

  @Test
  void controlCharacters_areReplaced() {
    assertThat(Html.text("a\0b\u001bc\rd\ne\t").markup()).isEqualTo("a\ufffdb\ufffdc\ufffdd\ne\t");
  }

  @Test
  void voidElement_hasNoEnd() {
    assertThat(Html.tag("input").with("name", "n").flag("checked", true).markup())
        .isEqualTo("<input name=\"n\" checked=\"\">");
  }

  @ParameterizedTest
  @ValueSource(strings = {"style", "onclick", "onerror"})
  void attribute_thatThePolicyForbids_isRefused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Html.tag("p").with(name, "x"))
        .withMessage("attribute \"" + name + "\" is against the policy; use a class");
  }

  @Test
  void scriptWithText_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Html.tag("script", "alert(1)"))
        .withMessage("<script> with content is against the policy");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "javascript:alert(1)",
        "//other.example/",
        "https://other.example/",
        "/\\other",
        ""
      })
  void address_thatLeadsElsewhere_isRefused(String address) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Html.tag("a", "x").with("href", address))
        .withMessage("an address must begin with one slash or #, was \"" + address + "\"");
  }

  @ParameterizedTest
  @CsvSource({
    "/runs?state=FAILED&job=a%2Fb, /runs?state=FAILED&job=a%2Fb",
    "/jobs/a%2Fb, /jobs/a%2Fb",
    "/jobs/a+b, /jobs/a%2Bb",
    "/, /",
  })
  void link_isReadAsItWasWritten(String text, String written) {
    assertThat(Link.parse(text)).map(Link::toString).contains(written);
  }

  @ParameterizedTest
  @ValueSource(strings = {"//other.example", "https://other.example", "runs", "", "/%zz", "/?a=%"})
  void link_thatIsNoPlaceOfOurs_isNothing(String text) {
    assertThat(Link.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"/\\\\other.example, /%5C%5Cother.example", "/a/../b, /a/../b", "/a//b, /a/b"})
  void link_thatLooksStrange_staysHere(String text, String written) {
    assertThat(Link.parse(text)).map(Link::toString).contains(written);
  }
}
