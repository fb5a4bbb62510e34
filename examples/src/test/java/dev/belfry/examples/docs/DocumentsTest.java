// SPDX-License-Identifier: Apache-2.0
package dev.belfry.examples.docs;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Code in the README and the documents is code of the examples, which is compiled and run. */
class DocumentsTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)[^)]*\\)");
  private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+Test)`");

  static List<Path> documents() {
    try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
      Stream<Path> pages = docs.filter(file -> file.toString().endsWith(".md")).sorted();
      return Stream.concat(Stream.of(ROOT.resolve("README.md")), pages).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void code_isCodeOfAnExample(Path document) throws IOException {
    List<String> examples = javaFilesIn("src").map(DocumentsTest::withoutLayout).toList();

    List<String> strange =
        found(JAVA, document)
            .filter(block -> examples.stream().noneMatch(e -> e.contains(withoutLayout(block))))
            .toList();

    assertThat(strange).as("code that is in no file below examples/src").isEmpty();
  }

  @ParameterizedTest
  @MethodSource("documents")
  void links_leadSomewhere(Path document) throws IOException {
    List<String> dead =
        found(LINK, document)
            .filter(link -> !link.contains("://"))
            .filter(link -> !Files.exists(document.resolveSibling(link)))
            .toList();

    assertThat(dead).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("documents")
  void namedTests_exist(Path document) throws IOException {
    List<String> tests =
        Stream.of(
                "scheduler-core",
                "scheduler-jdbc",
                "scheduler-http",
                "scheduler-testkit",
                "benchmarks")
            .flatMap(module -> namesIn(ROOT.resolve(module).resolve("src")))
            .toList();
    List<String> all = Stream.concat(tests.stream(), namesIn(Path.of("src"))).toList();

    assertThat(found(TEST, document).filter(name -> !all.contains(name + ".java"))).isEmpty();
  }

  @Test
  void readme_showsCodeWithinItsFirst25Lines() throws IOException {
    List<String> lines = Files.readAllLines(ROOT.resolve("README.md"));

    assertThat(lines.indexOf("```java")).isBetween(0, 24);
  }

  @Test
  void readme_firstProgram_hasFiveLinesAndBecomesPersistentByOne() throws IOException {
    List<String> inMemory = mainOf("Hello");
    List<String> persistent = mainOf("PersistentHello");

    assertThat(inMemory).hasSize(5);
    assertThat(persistent).hasSize(5);
    assertThat(Stream.of(0, 1, 2, 3, 4).filter(i -> !inMemory.get(i).equals(persistent.get(i))))
        .hasSize(1);
  }

  private static List<String> mainOf(String example) throws IOException {
    Path file = Path.of("src/main/java/dev/belfry/examples/hello", example + ".java");
    List<String> lines = Files.readAllLines(file);
    int main =
        lines.indexOf("  public static void main(String[] args) throws InterruptedException {");
    return lines.subList(main + 1, lines.lastIndexOf("  }"));
  }

  private static Stream<String> found(Pattern pattern, Path document) throws IOException {
    String text = Files.readString(document).replace("\r", "");
    List<MatchResult> results = pattern.matcher(text).results().toList();
    return results.stream().map(result -> result.group(1));
  }

  private static Stream<Path> javaFilesIn(String folder) throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(folder))) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    }
  }

  private static Stream<String> namesIn(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.map(file -> file.getFileName().toString()).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String withoutLayout(Path file) {
    try {
      return withoutLayout(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lines without indentation and blank lines: a document may leave those out. */
  private static String withoutLayout(String code) {
    return code.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .collect(joining("\n", "\n", "\n"));
  }
}
