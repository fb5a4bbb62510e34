// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

/** The schema for H2. Each statement may be repeated; the version comes last. */
final class H2Schema {
  static final String TEXT =
      """
      create table if not exists {meta} (
        name varchar(40) primary key,
        number bigint not null,
        text varchar(200));
      create table if not exists {node} (
        id uuid primary key,
        seq bigint generated always as identity,
        name varchar not null,
        version varchar not null,
        jobs varchar,
        joined_at timestamp(6) not null,
        lease_until timestamp(6) not null,
        valid_since timestamp(6) not null,
        dead_at timestamp(6));
      create table if not exists {lane} (
        id int generated always as identity primary key,
        job varchar(200) not null,
        priority smallint not null,
        queue varchar(200) not null,
        constraint {lane_of_job} unique (job, priority));
      create table if not exists {pause} (
        kind varchar(10) not null,
        name varchar(200) not null,
        actor varchar,
        paused_at timestamp(6) not null,
        primary key (kind, name));
      create table if not exists {run} (
        id uuid primary key,
        lane int not null,
        due_at timestamp(6) not null,
        state smallint not null,
        held smallint not null,
        node uuid,
        fence bigint not null,
        attempt int not null,
        opens boolean not null,
        limits varchar,
        first_due timestamp(6) not null,
        created_at timestamp(6) not null,
        claimed_at timestamp(6),
        first_claimed_at timestamp(6),
        interruptions int not null,
        cancelled boolean not null,
        cancel_reason varchar,
        kind varchar(10) not null,
        actor varchar,
        schedule varchar(200),
        nominal timestamp(6),
        origin uuid,
        tags varchar,
        unique_key varchar(200),
        watched boolean not null,
        waiting boolean not null,
        cancel_on boolean default false not null,
        detail varchar,
        codec varchar(40) not null,
        input varbinary(2048));
      create index if not exists {run_ready} on {run} (state, held, lane, due_at, id);
      create index if not exists {run_of_node} on {run} (node, cancelled, id);
      create table if not exists {payload} (
        run uuid not null,
        kind int not null,
        bytes varbinary(1048576) not null,
        primary key (run, kind));
      create table if not exists {history} (
        run uuid not null,
        fence bigint not null,
        job varchar(200) not null,
        attempt int not null,
        event varchar(12) not null,
        node uuid,
        started_at timestamp(6) not null,
        ended_at timestamp(6) not null,
        ran bigint not null,
        detail varchar,
        failure_type varchar,
        failure_message varchar,
        failure_trace varchar,
        succeeded bigint not null,
        failed bigint not null,
        notes varchar,
        log varchar,
        status varchar(12),
        priority smallint,
        created_at timestamp(6),
        first_due timestamp(6),
        first_claimed_at timestamp(6),
        kind varchar(10),
        actor varchar,
        schedule varchar(200),
        nominal timestamp(6),
        origin uuid,
        tags varchar,
        codec varchar(40),
        input varbinary(2048),
        result_codec varchar(40),
        result varbinary(2048),
        primary key (run, fence));
      create index if not exists {history_of_job} on {history} (job, status, run desc);
      create index if not exists {history_by_status} on {history} (status, run desc);
      create index if not exists {history_by_end} on {history} (status, ended_at, run, fence);
      create table if not exists {memo} (
        run uuid not null,
        scope varchar(200) not null,
        step varchar(200) not null,
        occurrence int not null,
        kind varchar(12) not null,
        type varchar(200) not null,
        state varchar(10) not null,
        tries int not null,
        until timestamp(6),
        codec varchar(40),
        bytes varbinary(2048),
        payload int,
        failure_type varchar,
        failure_message varchar,
        failure_trace varchar,
        event uuid,
        written_at timestamp(6) not null,
        primary key (run, scope, step, occurrence));
      create table if not exists {wait} (
        run uuid not null,
        scope varchar(200) not null,
        step varchar(200) not null,
        occurrence int not null,
        event varchar(200) not null,
        event_key varchar(200),
        since timestamp(6) not null,
        primary key (run, scope, step, occurrence));
      create index if not exists {wait_for_event} on {wait} (event, event_key, run);
      create table if not exists {event} (
        id uuid primary key,
        name varchar(200) not null,
        event_key varchar(200),
        codec varchar(40) not null,
        data varbinary(1048576) not null,
        sent_at timestamp(6) not null);
      create index if not exists {event_by_name} on {event} (name, sent_at, id);
      create index if not exists {event_by_key} on {event} (name, event_key, sent_at, id);
      create index if not exists {event_by_age} on {event} (sent_at);
      create table if not exists {subscription} (
        event varchar(200) not null,
        job varchar(200) not null,
        primary key (event, job));
      create index if not exists {subscription_of_job} on {subscription} (job);
      create table if not exists {inbox} (
        id bigint generated always as identity primary key,
        kind smallint not null,
        run uuid,
        event uuid,
        job varchar(200),
        schedule varchar(200),
        status varchar(12),
        entered_at timestamp(6) not null);
      create table if not exists {delivered} (
        entry bigint not null,
        subscriber varchar(200) not null,
        primary key (entry, subscriber));
      create table if not exists {run_group} (
        id uuid primary key,
        name varchar(200) not null,
        job varchar(200) not null,
        open_runs int not null,
        completed int not null,
        failed int not null,
        timed_out int not null,
        cancelled int not null,
        skipped int not null);
      create table if not exists {limit_slot} (
        name varchar(200) not null,
        slot_key varchar(200) not null,
        used int not null,
        next_at timestamp(6),
        run uuid,
        primary key (name, slot_key));
      create table if not exists {limit} (
        name varchar(200) primary key,
        slots int not null,
        per bigint,
        policy varchar(10));
      create table if not exists {held} (
        name varchar(200) not null,
        slot_key varchar(200) not null,
        due_at timestamp(6) not null,
        run uuid not null,
        primary key (name, slot_key, due_at, run));
      create index if not exists {held_of_run} on {held} (run);
      create table if not exists {gathered} (
        name varchar(200) not null,
        slot_key varchar(200) not null,
        lane int not null,
        due_at timestamp(6) not null,
        run uuid not null,
        primary key (name, slot_key, lane, due_at, run));
      create table if not exists {newcomer} (
        name varchar(200) not null,
        slot_key varchar(200) not null,
        due_at timestamp(6) not null,
        run uuid not null,
        primary key (name, slot_key, run));
      create index if not exists {newcomer_by_due} on {newcomer} (name, slot_key, due_at, run);
      create table if not exists {unique_key} (
        job varchar(200) not null,
        held_key varchar(200) not null,
        run uuid not null,
        expires_at timestamp(6),
        primary key (job, held_key));
      create index if not exists {unique_key_by_expiry} on {unique_key} (expires_at);
      create table if not exists {run_key} (
        run uuid primary key,
        unique_key varchar(200) not null);
      create index if not exists {run_by_key} on {run_key} (unique_key, run desc);
      create table if not exists {schedule} (
        id varchar(200) primary key,
        job varchar(200) not null,
        definition varchar not null,
        codec varchar(40) not null,
        input varbinary(1048576) not null,
        tags varchar,
        origin varchar(10) not null,
        overridden boolean not null,
        paused boolean not null,
        deleted boolean not null,
        version bigint not null,
        next_at timestamp(6),
        last_at timestamp(6),
        last_run uuid,
        parked_on uuid,
        queued boolean not null);
      create index if not exists {schedule_by_tick} on {schedule} (next_at, id);
      create index if not exists {schedule_of_job} on {schedule} (job, id);
      create table if not exists {declaration} (
        schedule varchar(200) not null,
        hash varchar(200) not null,
        seen_at timestamp(6) not null,
        primary key (schedule, hash));
      create table if not exists {tick} (
        schedule varchar(200) not null,
        nominal timestamp(6) not null,
        run uuid,
        fired_at timestamp(6) not null,
        primary key (schedule, nominal));
      create index if not exists {tick_by_age} on {tick} (fired_at);
      create table if not exists {tick_mark} (
        schedule varchar(200) primary key,
        nominal timestamp(6) not null);
      create table if not exists {rollup} (
        job varchar(200) not null,
        at_minute timestamp(6) not null,
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
        id varchar(200) not null,
        version bigint not null,
        json varchar not null,
        attribute1 varchar(200),
        attribute2 varchar(200),
        attribute3 varchar(200),
        expires_at timestamp(6),
        primary key (kind, id));
      create index if not exists {record_by_attribute1} on {record} (kind, attribute1, id);
      create index if not exists {record_by_attribute2} on {record} (kind, attribute2, id);
      create index if not exists {record_by_attribute3} on {record} (kind, attribute3, id);
      create index if not exists {record_by_expiry} on {record} (expires_at);
      merge into {meta} using (values ('catalog', 1)) as v (name, number) on {meta}.name = v.name
        when not matched then insert (name, number) values (v.name, v.number);
      merge into {meta} using (values ('oldest_reader', 1)) as v (name, number) on {meta}.name = v.name
        when not matched then insert (name, number) values (v.name, v.number);
      merge into {meta} using (values ('schema', 1)) as v (name, number) on {meta}.name = v.name
        when not matched then insert (name, number) values (v.name, v.number);
      """;

  private H2Schema() {}
}
