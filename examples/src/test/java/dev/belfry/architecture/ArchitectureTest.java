// SPDX-License-Identifier: Apache-2.0
package dev.belfry.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The shape of all published modules. It is tested here because only the examples see them all. */
class ArchitectureTest {
  /** Each package, and the other packages of ours that it may use. The arrows point one way. */
  private static final Map<String, Set<String>> MAY_USE =
      Map.ofEntries(
          entry("schedule"),
          entry("retry"),
          entry("run", "retry", "schedule"),
          entry("store", "run", "retry", "schedule"),
          entry("host", "run", "retry", "schedule"),
          entry("", "host", "store", "run", "retry", "schedule"),
          entry("jdbc", "", "host", "store", "run", "retry", "schedule"),
          entry("http", "", "host", "store", "run", "retry", "schedule"),
          entry("http.routing", "http", "store"),
          entry("http.security", "http", "http.routing", "store", "run"),
          entry("http.server", "http", "http.routing"),
          entry("http.servlet", "http", "http.routing"),
          entry("webhook", "http", "", "host", "store", "run", "retry", "schedule"),
          entry("webhook.testing", "webhook"),
          entry(
              "admin",
              "admin.api",
              "admin.dashboard",
              "admin.operations",
              "http",
              "http.routing",
              "http.security",
              "http.server",
              "webhook",
              "",
              "host",
              "store",
              "run",
              "retry",
              "schedule"),
          entry(
              "admin.operations",
              "http",
              "http.routing",
              "",
              "host",
              "store",
              "run",
              "retry",
              "schedule"),
          entry(
              "admin.api",
              "admin.operations",
              "http",
              "http.routing",
              "",
              "store",
              "run",
              "retry",
              "schedule"),
          entry(
              "admin.dashboard",
              "admin.operations",
              "http",
              "http.routing",
              "",
              "host",
              "store",
              "run",
              "retry",
              "schedule"),
          entry("testkit", "", "host", "store", "run", "retry", "schedule"),
          entry("testkit.junit", "testkit", "", "host", "store", "run", "retry", "schedule"),
          entry("testkit.contract", "testkit", "", "host", "store", "run", "retry", "schedule"));

  private static final Path PUBLIC_TYPES = Path.of("src", "test", "resources", "public-types.txt");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("/dev/belfry/examples/"))
          .importPackages("dev.belfry");

  @Test
  void packages_areKnown() {
    assertThat(packages().keySet())
        .as("packages; a new one is entered in MAY_USE, with the packages it may use")
        .isEqualTo(new TreeSet<>(MAY_USE.keySet()));
  }

  @Test
  void packages_useOnlyThoseBelowThem() {
    List<String> wrong =
        CLASSES.stream()
            .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
            .filter(ArchitectureTest::pointsTheWrongWay)
            .map(Dependency::getDescription)
            .sorted()
            .toList();

    assertThat(wrong).as("dependencies that point the wrong way").isEmpty();
  }

  @Test
  void packages_haveNoCycles() {
    slices().matching("dev.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void pureValues_useJavaOnly() {
    classes()
        .that()
        .resideInAnyPackage("dev.belfry.schedule", "dev.belfry.retry", "dev.belfry.run")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "org.jspecify..", "dev.belfry..")
        .check(CLASSES);
  }

  @Test
  void packages_areNullMarked() {
    List<String> unmarked =
        packages().values().stream()
            .filter(
                found ->
                    !found
                        .tryGetPackageInfo()
                        .map(info -> info.isAnnotatedWith("org.jspecify.annotations.NullMarked"))
                        .orElse(false))
            .map(JavaPackage::getName)
            .toList();

    assertThat(unmarked).as("packages without @NullMarked in package-info.java").isEmpty();
  }

  @Test
  void packages_areNamedAfterWhatTheyHold() {
    List<String> vague = List.of("internal", "util", "common", "impl", "model");

    assertThat(packages().keySet())
        .noneMatch(name -> Arrays.stream(name.split("\\.", 0)).anyMatch(vague::contains));
  }

  @Test
  void publicTypes_areThoseListed() throws IOException {
    List<String> found =
        CLASSES.stream()
            .filter(ArchitectureTest::isVisible)
            .map(JavaClass::getName)
            .sorted()
            .toList();
    if (Boolean.getBoolean("belfry.updatePublicTypes")) {
      Files.write(PUBLIC_TYPES, found);
    }
    List<String> listed = Files.readAllLines(PUBLIC_TYPES);

    if (!found.equals(listed)) {
      fail(
          "public types differ from examples/%s:%n%s%n%s",
          PUBLIC_TYPES,
          difference(listed, found),
          "If that is meant, write the list anew and have it reviewed as API:"
              + " mvn verify -Dbelfry.updatePublicTypes=true");
    }
  }

  private static Map.Entry<String, Set<String>> entry(String name, String... mayUse) {
    return Map.entry(
        qualified(name),
        Set.of(Arrays.stream(mayUse).map(ArchitectureTest::qualified).toArray(String[]::new)));
  }

  private static String qualified(String name) {
    return name.isEmpty() ? "dev.belfry" : "dev.belfry." + name;
  }

  private static Map<String, JavaPackage> packages() {
    Map<String, JavaPackage> packages = new TreeMap<>();
    CLASSES.forEach(type -> packages.put(type.getPackageName(), type.getPackage()));
    return packages;
  }

  private static boolean pointsTheWrongWay(Dependency dependency) {
    String origin = dependency.getOriginClass().getPackageName();
    String target = dependency.getTargetClass().getBaseComponentType().getPackageName();
    boolean ours = target.equals("dev.belfry") || target.startsWith("dev.belfry.");
    return ours
        && !target.equals(origin)
        && !MAY_USE.getOrDefault(origin, Set.of()).contains(target);
  }

  /** Public or protected, and so is each type around it. */
  private static boolean isVisible(JavaClass type) {
    Set<JavaModifier> modifiers = type.getModifiers();
    return (modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED))
        && type.getEnclosingClass().map(ArchitectureTest::isVisible).orElse(true);
  }

  private static String difference(List<String> listed, List<String> found) {
    return Stream.concat(
            found.stream().filter(name -> !listed.contains(name)).map(name -> "  + " + name),
            listed.stream().filter(name -> !found.contains(name)).map(name -> "  - " + name))
        .collect(joining(System.lineSeparator()));
  }
}
