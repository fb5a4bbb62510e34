// SPDX-License-Identifier: Apache-2.0
package dev.belfry.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.belfry.host.Host;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The clock of a node decides nothing: it only makes the ids of runs sort by their age. */
class WallClockTest {
  @Test
  void wallTime_isReadForIdsOnly() {
    JavaClasses classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.belfry");

    List<String> callers =
        classes.get(Host.class).getMethod("wallTime").getCallsOfSelf().stream()
            .map(call -> call.getOriginOwner().getName())
            .distinct()
            .toList();

    assertThat(callers).containsExactly("dev.belfry.RunIds");
  }
}
