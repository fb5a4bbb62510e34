// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import static dev.belfry.admin.dashboard.Html.tag;
import static dev.belfry.admin.dashboard.Html.text;
import static dev.belfry.admin.dashboard.Html.when;

import dev.belfry.http.Request;
import dev.belfry.http.Response;
import dev.belfry.http.routing.Call;
import java.util.List;

/** Where one says who one is. */
final class LoginPage {
  private LoginPage() {}

  static Response answer(Request request, boolean refused) {
    Html.Tag token =
        tag("input")
            .with("type", "password")
            .with("name", "token")
            .with("autocomplete", "current-password")
            .with("spellcheck", "false")
            .flag("required", true)
            .flag("autofocus", true);
    Html form =
        tag(
                "form",
                Forms.field(
                    "token",
                    "Access token",
                    token,
                    "As the application was given it, or its log has it."),
                Forms.submit("Sign in", "first"))
            .is("form")
            .with("method", "post")
            .with("action", posting(request).in(request.base()));
    Html.Tag body =
        tag(
            "body",
            tag(
                    "main",
                    tag(
                            "div",
                            Shell.brandMark(),
                            tag("h1", "Sign in"),
                            when(
                                refused,
                                tag("div", text("This token is not known, or no longer."))
                                    .is("notice bad")
                                    .with("role", "alert")),
                            form)
                        .is("panel"))
                .is("login"));
    return Shell.document(request.base(), refused ? 401 : 200, "Sign in", body);
  }

  /** To where one wanted to go, which the answer to the form reads. */
  private static Link posting(Request request) {
    List<String> next = Call.parse(request.query()).getOrDefault("next", List.of());
    return next.isEmpty() ? Link.to("login") : Link.to("login").with("next", next.get(0));
  }
}
