// SPDX-License-Identifier: Apache-2.0
package dev.belfry.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TypeRefTest {
  @Test
  void of_givesTheClass() {
    assertThat(TypeRef.of(String.class).type()).isEqualTo(String.class);
    assertThat(TypeRef.of(byte[].class).type()).isEqualTo(byte[].class);
  }

  @Test
  void of_givesTheWrapperOfAPrimitive() {
    assertThat(TypeRef.of(int.class)).isEqualTo(TypeRef.of(Integer.class));
    assertThat(TypeRef.of(void.class)).isEqualTo(TypeRef.of(Void.class));
  }

  @Test
  void equals_comparesTheTypes() {
    assertThat(new TypeRef<List<String>>() {})
        .isEqualTo(new TypeRef<List<String>>() {})
        .hasSameHashCodeAs(new TypeRef<List<String>>() {})
        .isNotEqualTo(new TypeRef<List<Integer>>() {});
    assertThat(new TypeRef<String>() {}).isEqualTo(TypeRef.of(String.class));
  }

  @Test
  void toString_namesTheWholeType() {
    assertThat(new TypeRef<Map<String, List<Integer>[]>>() {})
        .hasToString("java.util.Map<java.lang.String, java.util.List<java.lang.Integer>[]>");
  }

  @Test
  void of_refusesARawType() {
    assertThatThrownBy(() -> TypeRef.of(List.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "java.util.List lacks its type arguments; write them out,"
                + " as in new TypeRef<List<String>>() {}");
    assertThatThrownBy(() -> TypeRef.of(List[].class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "java.util.List lacks its type arguments; write them out,"
                + " as in new TypeRef<List<String>>() {}");
  }

  @Test
  @SuppressWarnings("rawtypes")
  void new_refusesARawTypeInside() {
    assertThatThrownBy(() -> new TypeRef<Map<String, List>>() {})
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "java.util.List lacks its type arguments; write them out,"
                + " as in new TypeRef<List<String>>() {}");
  }

  @Test
  @SuppressWarnings("rawtypes")
  void new_refusesAMissingTypeArgument() {
    assertThatThrownBy(() -> new TypeRef() {})
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("TypeRef needs its type argument, as in new TypeRef<List<String>>() {}");
  }

  @Test
  void new_refusesATypeVariable() {
    assertThatThrownBy(TypeRefTest::<String>listOfVariable)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "type variable E is not known at run time; write the type out,"
                + " as in new TypeRef<List<String>>() {}");
  }

  @Test
  void new_refusesASubclassOfASubclass() {
    assertThatThrownBy(() -> new Between<String>() {})
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching(
            "dev\\.belfry\\.run\\.TypeRefTest\\$\\d+ must extend TypeRef directly,"
                + " as in new TypeRef<List<String>>\\(\\) \\{\\}");
  }

  private static <E> TypeRef<List<E>> listOfVariable() {
    return new TypeRef<>() {};
  }

  abstract static class Between<T> extends TypeRef<T> {}
}
