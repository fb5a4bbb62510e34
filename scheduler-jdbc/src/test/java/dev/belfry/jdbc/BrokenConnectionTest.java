// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.belfry.run.NodeId;
import dev.belfry.run.Pass;
import dev.belfry.run.RunId;
import dev.belfry.store.Claimed;
import dev.belfry.store.Demand;
import dev.belfry.store.Ending;
import dev.belfry.store.Lease;
import dev.belfry.store.NewRun;
import dev.belfry.store.NodeCard;
import dev.belfry.store.Outcome;
import dev.belfry.store.PassReport;
import dev.belfry.store.StoreException;
import dev.belfry.store.StoreException.Kind;
import dev.belfry.store.Verdict;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What a store knows, and does, when a connection to a server fails at the worst moment. */
@ParameterizedClass
@MethodSource("dev.belfry.jdbc.Product#servers")
class BrokenConnectionTest extends StoreBase {
  private static final NodeCard CARD = new NodeCard("node", "test", Set.of(JOB));
  private static final Duration LEASE = ofSeconds(9);

  @Parameter private Product product;
  private TcpProxy proxy;
  private HikariDataSource through;
  private JdbcJobStore store;

  @Override
  Product product() {
    return product;
  }

  @BeforeEach
  void openProxy() {
    int port = Integer.parseInt(database.url().replaceFirst("^[^/]*//[^/:]*:([0-9]+).*", "$1"));
    proxy = new TcpProxy(port);
    through = pool(3);
    store = JdbcJobStore.using(through);
    store.open();
  }

  private HikariDataSource pool(int size) {
    var config = new HikariConfig();
    config.setJdbcUrl(database.url().replaceFirst("//[^/]*/", "//127.0.0.1:" + proxy.port() + "/"));
    if (product == Product.POSTGRES) {
      config.setUsername("postgres");
    }
    config.setMaximumPoolSize(size);
    return new HikariDataSource(config);
  }

  @AfterEach
  void closeProxy() {
    store.close();
    through.close();
    proxy.close();
  }

  private static void assertUnknown(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StoreException.class,
            e -> assertThat(e.kind()).as(e.toString()).isEqualTo(Kind.UNKNOWN));
  }

  private static Outcome completed(Claimed claimed) {
    return new Outcome(
        claimed.id(), claimed.fence(), new Ending.Completed(payload("{}")), PassReport.NOT_STARTED);
  }

  @Test
  void insertWhoseCommitIsNotAnswered_isThereOnceAfterItWasRepeated() {
    NewRun run = newRun();
    store.insert(List.of(newRun())); // so that the lane is there
    proxy.cutAfter(product == Product.POSTGRES ? "insert into belfry_run" : "COMMIT");

    assertUnknown(() -> store.insert(List.of(run)));
    store.insert(List.of(run));

    assertThat(proxy.cuts()).isEqualTo(1);
    assertThat(query("select count(*) from belfry_run")).containsExactly("2");
  }

  @Test
  void claimWhoseCommitIsNotAnswered_isFound() {
    RunId run = newRun().id();
    store.insert(List.of(NewRun.of(run, JOB, payload("{}"))));
    NodeId node = store.join(CARD, LEASE);
    Demand demand = demand(store, 1);
    proxy.cutAfter("COMMIT");

    assertUnknown(() -> store.exchange(node, List.of(), List.of(demand)));

    assertThat(proxy.cuts()).isEqualTo(1);
    assertThat(store.heldBy(node)).extracting(Claimed::id).containsExactly(run);
  }

  @Test
  void outcomeWhoseCommitIsNotAnswered_isRecordedOnce() {
    store.insert(List.of(newRun()));
    NodeId node = store.join(CARD, LEASE);
    Claimed claimed = claimOne(store, node);
    proxy.cutAfter("COMMIT");

    assertUnknown(() -> store.exchange(node, List.of(completed(claimed)), List.of()));

    assertThat(store.exchange(node, List.of(completed(claimed)), List.of()).verdicts())
        .containsExactly(Verdict.REPEATED);
    assertThat(store.passes(claimed.id()))
        .extracting(Pass::event)
        .containsExactly(Pass.Event.COMPLETED);
  }

  @Test
  void renewalThatIsNotAnswered_hasRenewed() {
    NodeId node = store.join(CARD, ofSeconds(1));
    proxy.cutAfter("valid_since");

    assertUnknown(() -> store.renew(node, ofSeconds(60)));

    assertThat(proxy.cuts()).isEqualTo(1);
    assertThat(store.nodes().get(0).leaseUntil()).isAfter(store.now().plusSeconds(30));
    assertThat(store.renew(node, LEASE)).isInstanceOf(Lease.Held.class);
  }

  @Test
  @Timeout(40)
  void connectionThatLeadsNowhere_isGivenUpByARenewalAndReplaced() throws SQLException {
    NodeId node = store.join(CARD, ofSeconds(1));
    store.insert(List.of(newRun()));
    store.renew(node, ofSeconds(1));
    proxy.swallow();

    assertUnknown(
        () -> {
          store.renew(node, ofSeconds(1)); // a pool may see it first, then there is another
          proxy.swallow();
          store.renew(node, ofSeconds(1));
        });

    assertThat(store.renew(node, ofSeconds(1))).isInstanceOf(Lease.Held.class);
  }

  @Test
  void connectionToAServerThatTakesNoWrites_isReplaced() throws SQLException {
    try (HikariDataSource one = pool(1);
        JdbcJobStore onOne = JdbcJobStore.using(one)) {
      onOne.insert(List.of(newRun()));
      try (Connection connection = one.getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute(
            product == Product.POSTGRES
                ? "set session characteristics as transaction read only"
                : "set session transaction read only");
      }

      assertThatThrownBy(() -> onOne.insert(List.of(newRun())))
          .extracting(e -> ((StoreException) e).kind())
          .isEqualTo(Kind.UNAVAILABLE);

      onOne.insert(List.of(newRun()));
      assertThat(query("select count(*) from belfry_run")).containsExactly("2");
    }
  }
}
