// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.postgresql.ds.PGConnectionPoolDataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** The PostgreSQL server of this process, started when it is first asked for. Ends with it. */
final class PostgresServer {
  private static final class Holder {
    static final PostgresServer SHARED = new PostgresServer();
  }

  private final AtomicInteger schemas = new AtomicInteger();
  private final EmbeddedPostgres server;

  private PostgresServer() {
    try {
      server =
          EmbeddedPostgres.builder()
              .setServerConfig("fsync", "off") // nobody cuts the power of a test
              .setServerConfig("timezone", "America/St_Johns")
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static PostgresServer shared() {
    return Holder.SHARED;
  }

  /** Makes a schema, which is all that its connections see. */
  EmptyDatabase emptyDatabase() {
    String name = "t" + schemas.incrementAndGet();
    DataSource admin = source(name, "postgres");
    EmptyDatabase.execute(admin, "create schema " + name);
    var pooled = new PGConnectionPoolDataSource();
    pooled.setUrl(server.getJdbcUrl("postgres", "postgres"));
    pooled.setCurrentSchema(name);
    return EmptyDatabase.of(pooled, admin, "drop schema " + name + " cascade");
  }

  /** Returns a URL by which another process gets to a schema. */
  String url(String schema) {
    return server.getJdbcUrl("postgres", "postgres") + "&currentSchema=" + schema;
  }

  /** Returns connections of a user to a schema. */
  DataSource source(String schema, String user) {
    var source = new PGSimpleDataSource();
    source.setUrl(server.getJdbcUrl(user, "postgres"));
    source.setCurrentSchema(schema);
    return source;
  }
}
