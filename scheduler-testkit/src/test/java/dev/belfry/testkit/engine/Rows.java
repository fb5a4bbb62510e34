// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static java.util.Objects.requireNonNull;

import dev.belfry.run.NodeId;
import dev.belfry.store.JobStore;
import dev.belfry.store.MemoWrite;
import dev.belfry.store.StoreException;
import dev.belfry.store.TransactionCall;
import dev.belfry.store.Verdict;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of an application, beside a store in memory, which so has transactions. */
final class Rows {
  private final List<String> rows = new ArrayList<>();
  private @Nullable JobStore real;
  private int lostCommits;

  /** What a body writes to. */
  static final class Table {
    private final List<String> written = new ArrayList<>();

    void add(String row) {
      written.add(row);
    }
  }

  /** Returns the rows that are committed. */
  List<String> committed() {
    return List.copyOf(rows);
  }

  /** The next commits do not happen, and nobody can say so. */
  void loseCommits(int times) {
    lostCommits = times;
  }

  JobStore beside(JobStore store) {
    real = store;
    return (JobStore)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {JobStore.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("transact")) {
                return transact((NodeId) arguments[0], arguments[2]);
              }
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @SuppressWarnings("unchecked") // a body of these rows' own tests
  private Verdict transact(NodeId node, Object call) throws Exception {
    var work = (TransactionCall<Table, MemoWrite, Exception>) call;
    var table = new Table();
    MemoWrite memo = work.call(table);
    if (lostCommits > 0) {
      lostCommits--;
      throw new StoreException(StoreException.Kind.UNKNOWN, "planned: the commit is lost", null);
    }
    Verdict verdict = requireNonNull(real).record(node, List.of(memo)).get(0);
    if (verdict == Verdict.APPLIED) {
      rows.addAll(table.written);
    }
    return verdict;
  }
}
