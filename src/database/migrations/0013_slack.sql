-- Up Migration

-- What people choose for themselves ({"zone", "digest"}), and what holds in a channel ({"speak"}).
alter table person add column settings jsonb not null default '{}';

create table slack_channel (
  workspace_id int not null,
  channel text not null,
  settings jsonb not null default '{}',
  primary key (workspace_id, channel)
);
call fence('slack_channel');

-- "Asked lately" of one person.
create index thread_turn_person on thread_turn (workspace_id, person_id, thread_turn_id desc) where person_id is not null;

-- Slack teams that have installed Perennial, with their tokens, sealed. A directory as `workspace` is: found by the team of
-- a request before its workspace is known, and seen from inside no workspace.
create table slack_installation (
  team_id text primary key,           -- of an organisation-wide install: the organisation's id
  workspace_id int,                   -- null until the team's first event
  team_name text,
  enterprise_id text,
  app_id text,
  bot_id text,
  bot_user_id text not null,
  scopes text[] not null default '{}',
  bot_token text,                     -- sealed; null once it is revoked
  bot_token_key text,                 -- id of the key that sealed it
  user_token text,
  user_token_key text,
  installed_by text,
  installed_at timestamptz not null default now(),
  revoked_at timestamptz
);
create index slack_installation_workspace on slack_installation (workspace_id);
alter table slack_installation enable row level security;
alter table slack_installation force row level security;
create policy directory on slack_installation to perennial_writer using (current_workspace() is null) with check (current_workspace() is null);
grant select, insert, update, delete on slack_installation to perennial_writer;
