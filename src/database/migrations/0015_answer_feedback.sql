-- Up Migration

-- Whether an answer helped: one vote a person, which may change. It goes with the turn.
create table answer_feedback (
  workspace_id int not null,
  thread_turn_id bigint not null,
  person_id bigint not null,
  helped boolean not null,
  reason text,
  given_at timestamptz not null default now(),
  primary key (workspace_id, thread_turn_id, person_id),
  foreign key (workspace_id, thread_turn_id) references thread_turn (workspace_id, thread_turn_id) on delete cascade
);
call fence('answer_feedback');
