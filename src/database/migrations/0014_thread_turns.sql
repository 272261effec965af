-- Up Migration

-- A question that is worked on a second time, because the process was killed, takes its first turn back: it is one turn,
-- and it is asked with the thread as it stood.
alter table thread_turn add column job text;            -- what the turn answers, as the door names it
alter table thread_turn add column focus_before jsonb;
create unique index thread_turn_job on thread_turn (workspace_id, job) where job is not null;

-- The people of a thread have begun to talk among themselves: nothing is said there until it is asked for again.
alter table thread add column left_to_people boolean not null default false;
