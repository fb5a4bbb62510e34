// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.GroupHandle;
import dev.belfry.Job;
import dev.belfry.RunGroup;
import dev.belfry.RunHandle;
import dev.belfry.run.EventId;
import dev.belfry.run.GroupEnd;
import dev.belfry.run.RunId;
import dev.belfry.run.Status;
import dev.belfry.run.Trigger;
import dev.belfry.store.Accepted;
import dev.belfry.store.CancelOn;
import dev.belfry.store.Delivery;
import dev.belfry.store.InboxEntry;
import dev.belfry.store.LookBack;
import dev.belfry.store.NewEvent;
import dev.belfry.store.NewGroup;
import dev.belfry.store.NewRun;
import dev.belfry.store.Verdict;
import dev.belfry.store.WaitHit;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Groups, and runs that events cancel, in a caller's transaction: it only inserts, so nobody waits
 * for it, and what happens meanwhile is not missed.
 */
@Timeout(120)
class CallersGroupTest extends CallersBase {
  private static final String GONE = "user/gone";
  private static final CancelOn OF_ANN = new CancelOn(GONE, Optional.of("ann"));
  private static final Job<String> PAGE =
      Job.named("page", String.class).handler((ctx, page) -> {});
  private static final Job<GroupEnd> PUBLISH =
      Job.named("publish", GroupEnd.class).handler((ctx, end) -> {});

  private NewGroup newGroup(int runs) {
    RunId id = newRun().id();
    NewRun[] members = new NewRun[runs];
    for (int i = 0; i < runs; i++) {
      members[i] = newRun().withTrigger(Trigger.group(id));
    }
    return new NewGroup(id, "book", "publish", List.of(members));
  }

  private EventId sendForAnn() {
    var event = NewEvent.of(new EventId(newRun().id().value()), GONE, payload("{}"));
    store.send(List.of(event.withKey("ann")));
    return event.id();
  }

  private List<Verdict> deliver(Delivery.Effect effect) {
    InboxEntry entry = store.inbox(10).get(0);
    return store.deliver(List.of(new Delivery(entry.id(), List.of(effect))));
  }

  @Test
  void group_isCommittedWithTheCallersRows() throws SQLException {
    Connection connection = begin();
    order(connection, 1);
    RunGroup group = RunGroup.named("book").addAll(PAGE, List.of("a", "b")).then(PUBLISH);

    GroupHandle kept = store.within(connection).enqueueGroup(group);
    GroupHandle empty = store.within(connection).enqueueGroup(RunGroup.named("e").then(PUBLISH));

    List<RunId> members = kept.members().stream().map(RunHandle::id).toList();
    assertThat(store.runs(members)).isEmpty();
    assertThat(store.inbox(10)).isEmpty();
    connection.commit();
    assertThat(store.runs(members)).hasSize(2);
    assertThat(orders()).containsExactly("1");
    assertThat(store.inbox(10))
        .extracting(entry -> ((InboxEntry.Grouped) entry).end().group())
        .containsExactly(empty.id());
  }

  @Test
  void group_isRolledBackWithTheCallersRows() throws SQLException {
    NewGroup group = newGroup(2);
    Connection connection = begin();
    store.insert(group, JdbcJobStore.transaction(connection));
    connection.rollback();

    assertThat(query("select count(*) from belfry_run_group")).containsExactly("0");
    assertThat(query("select count(*) from belfry_run")).containsExactly("0");
    assertThat(store.insert(group)).allMatch(Accepted.Created.class::isInstance);
    assertThat(query("select open_runs from belfry_run_group")).containsExactly("2");
  }

  @Test
  void groupThatIsThere_isLeftAsItIs() throws SQLException {
    NewGroup group = newGroup(2);
    store.insert(group);
    Connection connection = begin();

    assertThat(store.insert(group, JdbcJobStore.transaction(connection)))
        .hasSize(2)
        .allMatch(Accepted.Created.class::isInstance);
    connection.commit();

    assertThat(query("select open_runs from belfry_run_group")).containsExactly("2");
    assertThat(query("select count(*) from belfry_run")).containsExactly("2");
  }

  @Test
  void openTransaction_holdsUpNoDelivery() throws SQLException {
    NewGroup other = newGroup(1);
    store.insert(other);
    NewRun ofAnn = newRun().withCancelOn(List.of(OF_ANN));
    store.insert(List.of(ofAnn));
    Connection connection = begin();
    store.insert(newGroup(2), JdbcJobStore.transaction(connection));
    insert(connection, newRun().withCancelOn(List.of(OF_ANN)));

    sendForAnn();
    assertThat(store.openWaits(GONE, Optional.of("ann"), Optional.empty(), 10))
        .extracting(open -> open.run())
        .containsExactly(ofAnn.id());
    assertThat(deliver(new Delivery.CancelRun(ofAnn.id(), "gone")))
        .containsExactly(Verdict.APPLIED);
    sendForAnn();
    assertThat(deliver(new Delivery.EndMember(other.id(), Status.COMPLETED)))
        .containsExactly(Verdict.APPLIED);
    assertThat(deliver(new Delivery.EndGroup(other.id()))).containsExactly(Verdict.APPLIED);

    connection.commit();
    assertThat(query("select open_runs from belfry_run_group")).containsExactly("2");
  }

  @Test
  void eventThatIsDeliveredBeforeTheCommit_isFoundByALookBack() throws SQLException {
    sendForAnn();
    clock.advance(Duration.ofSeconds(1));
    NewRun run = newRun().withCancelOn(List.of(OF_ANN));
    Connection connection = begin();
    insert(connection, run);
    EventId meanwhile = sendForAnn();
    store.deliver(
        store.inbox(10).stream().map(entry -> new Delivery(entry.id(), List.of())).toList());
    connection.commit();

    var question = new LookBack(run.id(), CancelOn.place(GONE), Optional.empty());
    assertThat(store.lookBack(List.of(question), 5))
        .extracting(WaitHit::event)
        .extracting(event -> event.id())
        .containsExactly(meanwhile);
  }
}
