// SPDX-License-Identifier: Apache-2.0
package dev.belfry.examples.hello;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.SchedulerClient;
import dev.belfry.examples.ChildJvm;
import dev.belfry.jdbc.JdbcJobStore;
import dev.belfry.run.RunQuery;
import dev.belfry.run.Status;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HelloTest {
  @TempDir Path folder;

  @Test
  void inMemory_saysHelloAndLeavesNothing() throws Exception {
    ChildJvm hello = ChildJvm.run(folder, Hello.class);

    assertThat(hello.printed()).containsExactly("Hello, world!");
    assertThat(hello.exitCode()).isZero();
    assertThat(folder.resolve("data")).doesNotExist();
  }

  @Test
  void inAFile_saysHelloAndKeepsTheRuns() throws Exception {
    ChildJvm first = ChildJvm.run(folder, PersistentHello.class);
    ChildJvm second = ChildJvm.run(folder, PersistentHello.class);

    assertThat(first.printed()).containsExactly("Hello, world!");
    assertThat(second.printed()).containsExactly("Hello, world!");
    try (var store = JdbcJobStore.embedded(folder.resolve("data/app"))) {
      var runs = SchedulerClient.of(store).runs(RunQuery.ofJob("hello")).items();
      assertThat(runs).extracting("status").containsExactly(Status.COMPLETED, Status.COMPLETED);
    }
  }
}
