// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.run.TypeRef;
import java.io.File;
import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonCodecCheckTest {
  private static final String NAME = JsonCodecCheckTest.class.getName();
  private static final String HINT =
      " is not supported by the standard codec (records, lists, maps with string keys, scalars,"
          + " java.time); add scheduler-jdbc for its Jackson codec or use a record";

  private final Codec codec = Codec.standard();

  @Test
  void check_namesThePathToATypeThatIsNotCarried() {
    record Holder(List<Map<String, Bean>> beans) {}

    assertRefused(TypeRef.of(Bean.class), "type " + NAME + "$Bean" + HINT);
    assertRefused(TypeRef.of(Holder.class), "type " + NAME + "$Bean at Holder.beans[][]" + HINT);
    assertThatThrownBy(() -> codec.check(TypeRef.of(Holder.class)))
        .isInstanceOfSatisfying(
            CodecException.class, e -> assertThat(e.path()).isEqualTo("Holder.beans[][]"));
  }

  @Test
  void check_refusesOpenTypes() {
    assertRefused(TypeRef.of(Object.class), "type java.lang.Object" + HINT);
    assertRefused(TypeRef.of(Shape.class), "type " + NAME + "$Shape" + HINT);
    assertRefused(new TypeRef<List<?>>() {}, "type java.lang.Object at List<?>[]" + HINT);
    assertRefused(
        new TypeRef<java.util.ArrayList<String>>() {},
        "type java.util.ArrayList<java.lang.String>" + HINT);
  }

  @Test
  void check_refusesKeysThatAreNeitherStringNorEnum() {
    assertRefused(
        new TypeRef<Map<Integer, String>>() {},
        "type java.lang.Integer at Map<Integer, String>[key] is not supported as a key of a map by"
            + " the standard codec; use a string or an enum");
  }

  @Test
  void check_refusesAnOptionalInAnOptional() {
    assertRefused(
        new TypeRef<Set<Optional<Optional<String>>>>() {},
        "type java.util.Optional<java.lang.String> at Set<Optional<Optional<String>>>[] is inside"
            + " another Optional, which JSON can't tell from an empty one");
  }

  @Test
  @SuppressWarnings("rawtypes")
  void check_refusesARawTypeInARecord() {
    record Holder(List list) {}

    assertRefused(
        TypeRef.of(Holder.class),
        "type java.util.List at Holder.list lacks its type arguments; write them out");
  }

  @Test
  void check_refusesATypeThatNeverEnds() {
    assertThatThrownBy(() -> codec.check(new TypeRef<Endless<String>>() {}))
        .isInstanceOf(CodecException.class)
        .hasMessageEndingWith(" is nested deeper than 100 levels");
  }

  @Test
  void check_namesTheModuleThatDoesNotOpenItsPackage(@TempDir Path dir) throws Exception {
    Class<?> closed =
        compileInModule(dir, "", "shop.Order", "package shop; record Order(int n) {}");

    assertRefused(
        TypeRef.of(closed),
        "type shop.Order is in a package that its module does not open; add \"opens shop to"
            + " dev.belfry;\" to the module-info of shop");
  }

  @Test
  void check_acceptsARecordOfAnOpenPackage(@TempDir Path dir) throws Exception {
    Class<?> open =
        compileInModule(dir, "opens shop;", "shop.Order", "package shop; record Order(int n) {}");

    codec.check(TypeRef.of(open));
  }

  private void assertRefused(TypeRef<?> type, String message) {
    assertThatThrownBy(() -> codec.check(type))
        .isInstanceOf(CodecException.class)
        .hasMessage(message);
  }

  private static Class<?> compileInModule(Path dir, String clause, String name, String source)
      throws IOException, ClassNotFoundException {
    Path info = Files.writeString(dir.resolve("module-info.java"), "module shop {" + clause + "}");
    Path file = Files.writeString(dir.resolve("Order.java"), source);
    String out = dir + File.separator + "out";
    int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-d", out, info.toString(), file.toString());
    assertThat(failed).isZero();

    ModuleLayer boot = ModuleLayer.boot();
    Configuration configuration =
        boot.configuration()
            .resolve(ModuleFinder.of(Path.of(out)), ModuleFinder.of(), Set.of("shop"));
    return boot.defineModulesWithOneLoader(configuration, null).findLoader("shop").loadClass(name);
  }

  static class Bean {}

  sealed interface Shape {
    record Circle(int radius) implements Shape {}
  }

  record Endless<T>(Endless<List<T>> next) {}
}
