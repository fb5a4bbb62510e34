// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The OpenAPI document against the routes, and against itself. */
class OpenApiTest {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^}]*)}");

  private final ApiStage stage = new ApiStage();
  private final JsonNode document = OpenApi.shipped().document();

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void operations_areTheRoutes_withTheirScopes() {
    Map<String, String> routes = new TreeMap<>();
    stage.routes.forEach(
        route ->
            routes.put(
                route.method() + " " + route.path(),
                route.needs().name().toLowerCase(Locale.ROOT)));

    assertThat(OpenApi.shipped().operations()).isEqualTo(routes);
  }

  @Test
  void operations_haveAnIdOfTheirOwn_andTheParametersOfTheirPath() {
    var ids = new ArrayList<String>();
    for (var path : document.path("paths").properties()) {
      var named = new TreeSet<String>();
      Matcher placeholder = PLACEHOLDER.matcher(path.getKey());
      while (placeholder.find()) {
        named.add(placeholder.group(1));
      }
      for (JsonNode operation : path.getValue()) {
        ids.add(operation.path("operationId").asText());
        var inPath = new TreeSet<String>();
        for (JsonNode reference : operation.path("parameters")) {
          JsonNode parameter =
              reference.has("$ref")
                  ? document.at(reference.path("$ref").asText().substring(1))
                  : reference;
          if (parameter.path("in").asText().equals("path")) {
            inPath.add(parameter.path("name").asText());
          }
        }
        assertThat(inPath).as(path.getKey()).isEqualTo(named);
      }
    }

    assertThat(ids).doesNotHaveDuplicates().doesNotContain("");
  }

  @Test
  void references_leadSomewhere_andAllThatIsNamedIsUsed() {
    var used = new TreeSet<String>();
    document.findValuesAsText("$ref").forEach(used::add);
    var named = new TreeSet<String>();
    for (var kind : document.path("components").properties()) {
      if (!kind.getKey().equals("securitySchemes")) {
        kind.getValue()
            .fieldNames()
            .forEachRemaining(name -> named.add("#/components/" + kind.getKey() + "/" + name));
      }
    }

    assertThat(used).isEqualTo(named);
  }

  @Test
  void document_isServedAsItIs() {
    assertThat(stage.get("/openapi.json").json()).isEqualTo(document);
  }

  @Test
  void guide_listsEachRoute_withScopeAndSummary() throws IOException {
    List<String> told =
        Files.readAllLines(Path.of("..", "docs", "api.md")).stream()
            .filter(line -> line.matches("\\| (GET|PUT|POST|PATCH|DELETE) `/.*\\| \\w+ \\|.*"))
            .sorted()
            .toList();
    var expected = new ArrayList<String>();
    for (var path : document.path("paths").properties()) {
      for (var operation : path.getValue().properties()) {
        expected.add(
            "| %s `%s` | %s | %s |"
                .formatted(
                    operation.getKey().toUpperCase(Locale.ROOT),
                    path.getKey().substring(Api.BASE.length()),
                    operation.getValue().path("x-scope").asText(),
                    operation.getValue().path("summary").asText()));
      }
    }
    expected.sort(null);

    assertThat(told).isEqualTo(expected);
  }
}
