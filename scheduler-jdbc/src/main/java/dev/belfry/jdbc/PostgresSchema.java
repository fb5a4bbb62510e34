// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

/**
 * The schema for PostgreSQL. Names are compared byte by byte, whatever the language of the
 * database.
 */
final class PostgresSchema {
  static final String TEXT =
      """
      create table if not exists {meta} (
        name varchar(40) primary key,
        number bigint not null,
        text varchar(200) collate "C");
      create table if not exists {node} (
        id uuid primary key,
        seq bigint generated always as identity,
        name text not null,
        version text not null,
        jobs text,
        joined_at timestamptz not null,
        lease_until timestamptz not null,
        valid_since timestamptz not null,
        dead_at timestamptz);
      create table if not exists {lane} (
        id int generated always as identity primary key,
        job varchar(200) collate "C" not null,
        priority smallint not null,
        queue varchar(200) collate "C" not null,
        constraint {lane_of_job} unique (job, priority));
      create table if not exists {pause} (
        kind varchar(10) not null,
        name varchar(200) collate "C" not null,
        actor text,
        paused_at timestamptz not null,
        primary key (kind, name));
      create table if not exists {run} (
        id uuid primary key,
        lane int not null,
        due_at timestamptz not null,
        state smallint not null,
        held smallint not null,
        node uuid,
        fence bigint not null,
        attempt int not null,
        opens boolean not null,
        limits text,
        first_due timestamptz not null,
        created_at timestamptz not null,
        claimed_at timestamptz,
        first_claimed_at timestamptz,
        interruptions int not null,
        cancelled boolean not null,
        cancel_reason text,
        kind varchar(10) not null,
        actor text,
        schedule varchar(200) collate "C",
        nominal timestamptz,
        origin uuid,
        tags text,
        unique_key varchar(200) collate "C",
        watched boolean not null,
        waiting boolean not null,
        cancel_on boolean default false not null,
        detail text,
        codec varchar(40) not null,
        input bytea)
        with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
          autovacuum_vacuum_cost_delay = 0);
      create index if not exists {run_ready} on {run} (lane, due_at, id)
        where state = 0 and held = 0;
      create index if not exists {run_of_node} on {run} (node, cancelled, id)
        where node is not null;
      create table if not exists {payload} (
        run uuid not null,
        kind int not null,
        bytes bytea not null,
        primary key (run, kind));
      create table if not exists {history} (
        run uuid not null,
        fence bigint not null,
        job varchar(200) collate "C" not null,
        attempt int not null,
        event varchar(12) not null,
        node uuid,
        started_at timestamptz not null,
        ended_at timestamptz not null,
        ran bigint not null,
        detail text,
        failure_type text,
        failure_message text,
        failure_trace text,
        succeeded bigint not null,
        failed bigint not null,
        notes text,
        log text,
        status varchar(12),
        priority smallint,
        created_at timestamptz,
        first_due timestamptz,
        first_claimed_at timestamptz,
        kind varchar(10),
        actor text,
        schedule varchar(200) collate "C",
        nominal timestamptz,
        origin uuid,
        tags text,
        codec varchar(40),
        input bytea,
        result_codec varchar(40),
        result bytea,
        primary key (run, fence));
      create index if not exists {history_of_job} on {history} (job, status, run desc);
      create index if not exists {history_by_status} on {history} (status, run desc)
        where status <> 'COMPLETED';
      create index if not exists {history_by_end} on {history} (status, ended_at, run, fence);
      create table if not exists {memo} (
        run uuid not null,
        scope varchar(200) collate "C" not null,
        step varchar(200) collate "C" not null,
        occurrence int not null,
        kind varchar(12) not null,
        type varchar(200) collate "C" not null,
        state varchar(10) not null,
        tries int not null,
        until timestamptz,
        codec varchar(40),
        bytes bytea,
        payload int,
        failure_type text,
        failure_message text,
        failure_trace text,
        event uuid,
        written_at timestamptz not null,
        primary key (run, scope, step, occurrence));
      create table if not exists {wait} (
        run uuid not null,
        scope varchar(200) collate "C" not null,
        step varchar(200) collate "C" not null,
        occurrence int not null,
        event varchar(200) collate "C" not null,
        event_key varchar(200) collate "C",
        since timestamptz not null,
        primary key (run, scope, step, occurrence));
      create index if not exists {wait_for_event} on {wait} (event, event_key, run);
      create table if not exists {event} (
        id uuid primary key,
        name varchar(200) collate "C" not null,
        event_key varchar(200) collate "C",
        codec varchar(40) not null,
        data bytea not null,
        sent_at timestamptz not null);
      create index if not exists {event_by_name} on {event} (name, sent_at, id);
      create index if not exists {event_by_key} on {event} (name, event_key, sent_at, id);
      create index if not exists {event_by_age} on {event} (sent_at);
      create table if not exists {subscription} (
        event varchar(200) collate "C" not null,
        job varchar(200) collate "C" not null,
        primary key (event, job));
      create index if not exists {subscription_of_job} on {subscription} (job);
      create table if not exists {inbox} (
        id bigint generated always as identity primary key,
        kind smallint not null,
        run uuid,
        event uuid,
        job varchar(200) collate "C",
        schedule varchar(200) collate "C",
        status varchar(12),
        entered_at timestamptz not null);
      create table if not exists {delivered} (
        entry bigint not null,
        subscriber varchar(200) collate "C" not null,
        primary key (entry, subscriber));
      create table if not exists {run_group} (
        id uuid primary key,
        name varchar(200) collate "C" not null,
        job varchar(200) collate "C" not null,
        open_runs int not null,
        completed int not null,
        failed int not null,
        timed_out int not null,
        cancelled int not null,
        skipped int not null);
      create table if not exists {limit_slot} (
        name varchar(200) collate "C" not null,
        slot_key varchar(200) collate "C" not null,
        used int not null,
        next_at timestamptz,
        run uuid,
        primary key (name, slot_key))
        with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
          autovacuum_vacuum_cost_delay = 0);
      create table if not exists {limit} (
        name varchar(200) collate "C" primary key,
        slots int not null,
        per bigint,
        policy varchar(10));
      create table if not exists {held} (
        name varchar(200) collate "C" not null,
        slot_key varchar(200) collate "C" not null,
        due_at timestamptz not null,
        run uuid not null,
        primary key (name, slot_key, due_at, run));
      create index if not exists {held_of_run} on {held} (run);
      create table if not exists {gathered} (
        name varchar(200) collate "C" not null,
        slot_key varchar(200) collate "C" not null,
        lane int not null,
        due_at timestamptz not null,
        run uuid not null,
        primary key (name, slot_key, lane, due_at, run));
      create table if not exists {newcomer} (
        name varchar(200) collate "C" not null,
        slot_key varchar(200) collate "C" not null,
        due_at timestamptz not null,
        run uuid not null,
        primary key (name, slot_key, run));
      create index if not exists {newcomer_by_due} on {newcomer} (name, slot_key, due_at, run);
      create table if not exists {unique_key} (
        job varchar(200) collate "C" not null,
        held_key varchar(200) collate "C" not null,
        run uuid not null,
        expires_at timestamptz,
        primary key (job, held_key));
      create index if not exists {unique_key_by_expiry} on {unique_key} (expires_at);
      create table if not exists {run_key} (
        run uuid primary key,
        unique_key varchar(200) collate "C" not null);
      create index if not exists {run_by_key} on {run_key} (unique_key, run desc);
      create table if not exists {schedule} (
        id varchar(200) collate "C" primary key,
        job varchar(200) collate "C" not null,
        definition text not null,
        codec varchar(40) not null,
        input bytea not null,
        tags text,
        origin varchar(10) not null,
        overridden boolean not null,
        paused boolean not null,
        deleted boolean not null,
        version bigint not null,
        next_at timestamptz,
        last_at timestamptz,
        last_run uuid,
        parked_on uuid,
        queued boolean not null);
      create index if not exists {schedule_by_tick} on {schedule} (next_at, id);
      create index if not exists {schedule_of_job} on {schedule} (job, id);
      create table if not exists {declaration} (
        schedule varchar(200) collate "C" not null,
        hash varchar(200) collate "C" not null,
        seen_at timestamptz not null,
        primary key (schedule, hash));
      create table if not exists {tick} (
        schedule varchar(200) collate "C" not null,
        nominal timestamptz not null,
        run uuid,
        fired_at timestamptz not null,
        primary key (schedule, nominal));
      create index if not exists {tick_by_age} on {tick} (fired_at);
      create table if not exists {tick_mark} (
        schedule varchar(200) collate "C" primary key,
        nominal timestamptz not null);
      create table if not exists {rollup} (
        job varchar(200) collate "C" not null,
        at_minute timestamptz not null,
        node uuid not null,
        completed bigint not null,
        failed bigint not null,
        timed_out bigint not null,
        cancelled bigint not null,
        skipped bigint not null,
        total bigint not null,
        longest bigint not null,
        primary key (job, at_minute, node));
      create table if not exists {record} (
        kind varchar(40) not null,
        id varchar(200) collate "C" not null,
        version bigint not null,
        json text not null,
        attribute1 varchar(200) collate "C",
        attribute2 varchar(200) collate "C",
        attribute3 varchar(200) collate "C",
        expires_at timestamptz,
        primary key (kind, id));
      create index if not exists {record_by_attribute1} on {record} (kind, attribute1, id);
      create index if not exists {record_by_attribute2} on {record} (kind, attribute2, id);
      create index if not exists {record_by_attribute3} on {record} (kind, attribute3, id);
      create index if not exists {record_by_expiry} on {record} (expires_at);
      insert into {meta} (name, number) values ('catalog', 1) on conflict do nothing;
      insert into {meta} (name, number) values ('oldest_reader', 1) on conflict do nothing;
      insert into {meta} (name, number) values ('schema', 1) on conflict do nothing;
      """;

  private PostgresSchema() {}
}
