// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

/**
 * The schema for MariaDB and MySQL. Each statement may be repeated; the version comes last. Indexes
 * are part of their tables, as MySQL makes no index "if not exists".
 */
final class MariaSchema {
  static final String TEXT =
      """
      create table if not exists {meta} (
        name varchar(40) primary key,
        number bigint not null,
        text varchar(200))
        engine = innodb character set utf8mb4 collate $collation;
      create table if not exists {node} (
        id binary(16) primary key,
        seq bigint not null auto_increment unique,
        name mediumtext not null,
        version mediumtext not null,
        jobs mediumtext,
        joined_at datetime(6) not null,
        lease_until datetime(6) not null,
        valid_since datetime(6) not null,
        dead_at datetime(6))
        engine = innodb character set utf8mb4 collate $collation;
      create table if not exists {lane} (
        id int not null auto_increment primary key,
        job varchar(200) not null,
        priority smallint not null,
        queue varchar(200) not null,
        constraint {lane_of_job} unique (job, priority))
        engine = innodb character set utf8mb4 collate $collation;
      create table if not exists {pause} (
        kind varchar(10) not null,
        name varchar(200) not null,
        actor mediumtext,
        paused_at datetime(6) not null,
        primary key (kind, name))
        engine = innodb character set utf8mb4 collate $collation;
      create table if not exists {run} (
        id binary(16) primary key,
        lane int not null,
        due_at datetime(6) not null,
        state smallint not null,
        held smallint not null,
        node binary(16),
        fence bigint not null,
        attempt int not null,
        opens boolean not null,
        limits mediumtext,
        first_due datetime(6) not null,
        created_at datetime(6) not null,
        claimed_at datetime(6),
        first_claimed_at datetime(6),
        interruptions int not null,
        cancelled boolean not null,
        cancel_reason mediumtext,
        kind varchar(10) not null,
        actor mediumtext,
        schedule varchar(200),
        nominal datetime(6),
        origin binary(16),
        tags mediumtext,
        unique_key varchar(200),
        watched boolean not null,
        waiting boolean not null,
        cancel_on boolean default false not null,
        detail mediumtext,
        codec varchar(40) not null,
        input varbinary(2048),
        index {run_ready} (state, held, lane, due_at, id),
        index {run_of_node} (node, cancelled, id))
        engine = innodb character set utf8mb4 collate $collation;
      create table if not exists {payload} (
        run binary(16) not null,
        kind int not null,
        bytes mediumblob not null,
        primary key (run, kind))
        engine = innodb character set utf8mb4 collate $collation;
      create table if not exists {history} (
        run binary(16) not null,
        fence bigint not null,
        job varchar(200) not null,
        attempt int not null,
        event varchar(12) not null,
        node binary(16),
        started_at datetime(6) not null,
        ended_at datetime(6) not null,
        ran bigint not null,
        detail mediumtext,
        failure_type mediumtext,
        failure_message mediumtext,
        failure_trace mediumtext,
        succeeded bigint not null,
        failed bigint not null,
        notes mediumtext,
        log mediumtext,
        status varchar(12),
        priority smallint,
        created_at datetime(6),
        first_due datetime(6),
        first_claimed_at datetime(6),
        kind varchar(10),
        actor mediumtext,
        schedule varchar(200),
        nominal datetime(6),
        origin binary(16),
        tags mediumtext,
        codec varchar(40),
        input varbinary(2048),
        result_codec varchar(40),
        result varbinary(2048),
        primary key (run, fence),
        index {history_of_job} (job, status, run),
        index {history_by_status} (status, run),
        index {history_by_end} (status, ended_at, run, fence))
        engine = innodb character set utf8mb4 collate $collation;
      create table if not exists {memo} (
        run binary(16) not null,
        scope varchar(200) not null,
        step varchar(200) not null,
        occurrence int not null,
        kind varchar(12) not null,
        type varchar(200) not null,
        state varchar(10) not null,
        tries int not null,
        until datetime(6),
        codec varchar(40),
        bytes varbinary(2048),
        payload int,
        failure_type mediumtext,
        failure_message mediumtext,
        failure_trace mediumtext,
        event binary(16),
        written_at datetime(6) not null,
        primary key (run, scope, step, occurrence))
        engine = innodb character set utf8mb4 collate $collation;
      create table if not exists {wait} (
        run binary(16) not null,
        scope varchar(200) not null,
        step varchar(200) not null,
        occurrence int not null,
        event varchar(200) not null,
        event_key varchar(200),
        since datetime(6) not null,
        primary key (run, scope, step, occurrence),
        index {wait_for_event} (event, event_key, run))
        engine = innodb character set utf8mb4 collate $collation;
      create table if not exists {event} (
        id binary(16) primary key,
        name varchar(200) not null,
        event_key varchar(200),
        codec varchar(40) not null,
        data mediumblob not null,
        sent_at datetime(6) not null,
        index {event_by_name} (name, sent_at, id),
        index {event_by_key} (name, event_key, sent_at, id),
        index {event_by_age} (sent_at))
        engine = innodb character set utf8mb4 collate $collation;
      create table if not exists {subscription} (
        event varchar(200) not null,
        job varchar(200) not null,
        primary key (event, job),
        index {subscription_of_job} (job))
        engine = innodb character set utf8mb4 collate $collation;
      create table if not exists {inbox} (
        id bigint not null auto_increment primary key,
        kind smallint not null,
        run binary(16),
        event binary(16),
        job varchar(200),
        schedule varchar(200),
        status varchar(12),
        entered_at datetime(6) not null)
        engine = innodb character set utf8mb4 collate $collation;
      create table if not exists {delivered} (
        entry bigint not null,
        subscriber varchar(200) not null,
        primary key (entry, subscriber))
        engine = innodb character set utf8mb4 collate $collation;
      create table if not exists {run_group} (
        id binary(16) primary key,
        name varchar(200) not null,
        job varchar(200) not null,
        open_runs int not null,
        completed int not null,
        failed int not null,
        timed_out int not null,
        cancelled int not null,
        skipped int not null)
        engine = innodb character set utf8mb4 collate $collation;
      create table if not exists {limit_slot} (
        name varchar(200) not null,
        slot_key varchar(200) not null,
        used int not null,
        next_at datetime(6),
        run binary(16),
        primary key (name, slot_key))
        engine = innodb character set utf8mb4 collate $collation;
      create table if not exists {limit} (
        name varchar(200) primary key,
        slots int not null,
        per bigint,
        policy varchar(10))
        engine = innodb character set utf8mb4 collate $collation;
      create table if not exists {held} (
        name varchar(200) not null,
        slot_key varchar(200) not null,
        due_at datetime(6) not null,
        run binary(16) not null,
        primary key (name, slot_key, due_at, run),
        index {held_of_run} (run))
        engine = innodb character set utf8mb4 collate $collation;
      create table if not exists {gathered} (
        name varchar(200) not null,
        slot_key varchar(200) not null,
        lane int not null,
        due_at datetime(6) not null,
        run binary(16) not null,
        primary key (name, slot_key, lane, due_at, run))
        engine = innodb character set utf8mb4 collate $collation;
      create table if not exists {newcomer} (
        name varchar(200) not null,
        slot_key varchar(200) not null,
        due_at datetime(6) not null,
        run binary(16) not null,
        primary key (name, slot_key, run),
        index {newcomer_by_due} (name, slot_key, due_at, run))
        engine = innodb character set utf8mb4 collate $collation;
      create table if not exists {unique_key} (
        job varchar(200) not null,
        held_key varchar(200) not null,
        run binary(16) not null,
        expires_at datetime(6),
        primary key (job, held_key),
        index {unique_key_by_expiry} (expires_at))
        engine = innodb character set utf8mb4 collate $collation;
      create table if not exists {run_key} (
        run binary(16) primary key,
        unique_key varchar(200) not null,
        index {run_by_key} (unique_key, run))
        engine = innodb character set utf8mb4 collate $collation;
      create table if not exists {schedule} (
        id varchar(200) primary key,
        job varchar(200) not null,
        definition mediumtext not null,
        codec varchar(40) not null,
        input mediumblob not null,
        tags mediumtext,
        origin varchar(10) not null,
        overridden boolean not null,
        paused boolean not null,
        deleted boolean not null,
        version bigint not null,
        next_at datetime(6),
        last_at datetime(6),
        last_run binary(16),
        parked_on binary(16),
        queued boolean not null,
        index {schedule_by_tick} (next_at, id),
        index {schedule_of_job} (job, id))
        engine = innodb character set utf8mb4 collate $collation;
      create table if not exists {declaration} (
        schedule varchar(200) not null,
        hash varchar(200) not null,
        seen_at datetime(6) not null,
        primary key (schedule, hash))
        engine = innodb character set utf8mb4 collate $collation;
      create table if not exists {tick} (
        schedule varchar(200) not null,
        nominal datetime(6) not null,
        run binary(16),
        fired_at datetime(6) not null,
        primary key (schedule, nominal),
        index {tick_by_age} (fired_at))
        engine = innodb character set utf8mb4 collate $collation;
      create table if not exists {tick_mark} (
        schedule varchar(200) primary key,
        nominal datetime(6) not null)
        engine = innodb character set utf8mb4 collate $collation;
      create table if not exists {rollup} (
        job varchar(200) not null,
        at_minute datetime(6) not null,
        node binary(16) not null,
        completed bigint not null,
        failed bigint not null,
        timed_out bigint not null,
        cancelled bigint not null,
        skipped bigint not null,
        total bigint not null,
        longest bigint not null,
        primary key (job, at_minute, node))
        engine = innodb character set utf8mb4 collate $collation;
      create table if not exists {record} (
        kind varchar(40) not null,
        id varchar(200) not null,
        version bigint not null,
        json mediumtext not null,
        attribute1 varchar(200),
        attribute2 varchar(200),
        attribute3 varchar(200),
        expires_at datetime(6),
        primary key (kind, id),
        index {record_by_attribute1} (kind, attribute1, id),
        index {record_by_attribute2} (kind, attribute2, id),
        index {record_by_attribute3} (kind, attribute3, id),
        index {record_by_expiry} (expires_at))
        engine = innodb character set utf8mb4 collate $collation;
      insert ignore into {meta} (name, number) values ('catalog', 1);
      insert ignore into {meta} (name, number) values ('oldest_reader', 1);
      insert ignore into {meta} (name, number) values ('schema', 1);
      """;

  private MariaSchema() {}
}
