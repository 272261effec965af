-- Up Migration

-- From where on something is worth an alert, where a workspace has chosen otherwise than usual; names in schedules/limits.ts.
create table alert_limit (
  workspace_id int not null,
  name text not null,
  value int not null,
  primary key (workspace_id, name)
);
call fence('alert_limit');

-- Subscriptions may have limits of their own, so a condition can be open more than once: once for each set of limits.
alter table alert add column limits jsonb not null default '{}';
drop index alert_open;
create unique index alert_open on alert (workspace_id, account_id, condition, limits) where cleared_on is null;
-- Bands of other edges are other bands.
alter table alert_health add column limits jsonb not null default '{"goodFrom": 70, "watchFrom": 40}';
alter table alert_health alter column limits drop default;
alter table alert_health drop constraint alert_health_pkey;
alter table alert_health add primary key (workspace_id, account_id, limits);

-- Somebody wants it now, from wherever; whoever looks next for what is due takes it.
alter table schedule add column wanted_at timestamptz;
create index schedule_wanted on schedule (wanted_at) where wanted_at is not null and deleted_at is null;

-- Which version of a churn report a slot has posted, and where: the places to tell when there is a newer one.
create table report_posted (
  workspace_id int not null,
  schedule_id bigint not null,
  slot timestamptz not null,
  window_start date not null,
  window_end date not null,
  filter jsonb not null,
  title text not null,                -- as the report called itself
  filter_words text not null,
  version int not null,
  channel text not null,              -- as Slack knows it, also of direct messages
  ts text not null,
  posted_at timestamptz not null default now(),
  primary key (workspace_id, schedule_id, slot),
  foreign key (workspace_id, schedule_id) references schedule (workspace_id, schedule_id)
);
create index report_posted_window on report_posted (workspace_id, window_start, window_end);
-- That a place was told of a version: once, by whichever process.
create table report_reissued (
  workspace_id int not null,
  schedule_id bigint not null,
  slot timestamptz not null,
  version int not null,
  handed_at timestamptz not null default now(),
  primary key (workspace_id, schedule_id, slot, version),
  foreign key (workspace_id, schedule_id, slot) references report_posted (workspace_id, schedule_id, slot) on delete cascade
);
call fence('report_posted');
call fence('report_reissued');
