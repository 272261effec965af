-- Up Migration

-- Which groups the money of an account is counted under, in reports and rollups alike. The plan is that of its newest
-- subscription, also when it has ended: a churned customer of a plan is that plan's churn.
create view account_group with (security_invoker = true) as
  select a.workspace_id, a.account_id, a.name, a.owner_id, a.segment, a.country,
    coalesce((select s.plan from subscription s
      where s.workspace_id = a.workspace_id and s.account_id = a.account_id and s.plan is not null
      order by s.ended_on is null desc, s.started_on desc, s.subscription_id desc limit 1), a.plan) as plan
  from account a;
grant select on account_group to perennial_reader, perennial_writer;

-- What one account's MRR did in one week, in minor units of the base currency. Derived from the ledger and rebuildable; only
-- weeks in which something happened have a row. Its groups are those that mrr_week counts it under.
create table account_week (
  workspace_id int not null,
  account_id bigint not null,
  week date not null,                 -- its first day, in the workspace's zone
  owner_id bigint,
  segment text,
  country text,
  plan text,
  start_minor bigint not null,
  end_minor bigint not null,
  kind text check (kind in ('new', 'reactivation', 'expansion', 'contraction', 'churn')),
  moved_minor bigint not null,        -- signed; 0 where there is no kind
  fx_minor bigint not null,           -- what rates alone did
  flash_minor bigint not null,        -- the highest MRR of a customer that came and went inside the week; else 0
  fault boolean not null,             -- the ledger takes the account below 0
  ledger_rows int not null,
  primary key (workspace_id, account_id, week),
  foreign key (workspace_id, account_id) references account (workspace_id, account_id)
);
create index account_week_time on account_week (workspace_id, week, kind, moved_minor);

-- The sums of account_week: over all accounts and over each group, as changes, so that MRR at a day is the sum of what came before.
create table mrr_week (
  workspace_id int not null,
  week date not null,
  cut text not null check (cut in ('all', 'owner', 'segment', 'country', 'plan')),
  value text not null,                -- '' for all, and for accounts without such a value
  delta_minor bigint not null default 0,
  customers_delta int not null default 0,
  new_minor bigint not null default 0,
  new_customers int not null default 0,
  reactivation_minor bigint not null default 0,
  reactivation_customers int not null default 0,
  expansion_minor bigint not null default 0,
  expansion_customers int not null default 0,
  contraction_minor bigint not null default 0,
  contraction_customers int not null default 0,
  churn_minor bigint not null default 0,
  churn_customers int not null default 0,
  fx_minor bigint not null default 0,
  flash_minor bigint not null default 0,
  flash_customers int not null default 0,
  faults int not null default 0,
  ledger_rows int not null default 0,
  primary key (workspace_id, cut, value, week)
);

-- Adds (or with sign −1 takes away) weeks of accounts to the sums. In one order for all writers.
create function add_to_mrr_week(weeks account_week[], sign int) returns void language sql as $$
  insert into mrr_week as m
  select w.workspace_id, w.week, c.cut, c.value,
    sign * sum(w.end_minor - w.start_minor), sign * sum((w.end_minor > 0)::int - (w.start_minor > 0)::int),
    sign * coalesce(sum(w.moved_minor) filter (where w.kind = 'new'), 0), sign * count(*) filter (where w.kind = 'new'),
    sign * coalesce(sum(w.moved_minor) filter (where w.kind = 'reactivation'), 0), sign * count(*) filter (where w.kind = 'reactivation'),
    sign * coalesce(sum(w.moved_minor) filter (where w.kind = 'expansion'), 0), sign * count(*) filter (where w.kind = 'expansion'),
    sign * coalesce(sum(w.moved_minor) filter (where w.kind = 'contraction'), 0), sign * count(*) filter (where w.kind = 'contraction'),
    sign * coalesce(sum(w.moved_minor) filter (where w.kind = 'churn'), 0), sign * count(*) filter (where w.kind = 'churn'),
    sign * sum(w.fx_minor), sign * sum(w.flash_minor), sign * count(*) filter (where w.flash_minor > 0),
    sign * count(*) filter (where w.fault), sign * sum(w.ledger_rows)
  from unnest(weeks) w
  cross join lateral (values ('all', ''), ('owner', coalesce(w.owner_id::text, '')), ('segment', coalesce(w.segment, '')),
    ('country', coalesce(w.country, '')), ('plan', coalesce(w.plan, ''))) c (cut, value)
  group by w.workspace_id, c.cut, c.value, w.week
  order by w.workspace_id, c.cut, c.value, w.week
  on conflict (workspace_id, cut, value, week) do update set
    delta_minor = m.delta_minor + excluded.delta_minor, customers_delta = m.customers_delta + excluded.customers_delta,
    new_minor = m.new_minor + excluded.new_minor, new_customers = m.new_customers + excluded.new_customers,
    reactivation_minor = m.reactivation_minor + excluded.reactivation_minor, reactivation_customers = m.reactivation_customers + excluded.reactivation_customers,
    expansion_minor = m.expansion_minor + excluded.expansion_minor, expansion_customers = m.expansion_customers + excluded.expansion_customers,
    contraction_minor = m.contraction_minor + excluded.contraction_minor, contraction_customers = m.contraction_customers + excluded.contraction_customers,
    churn_minor = m.churn_minor + excluded.churn_minor, churn_customers = m.churn_customers + excluded.churn_customers,
    fx_minor = m.fx_minor + excluded.fx_minor, flash_minor = m.flash_minor + excluded.flash_minor, flash_customers = m.flash_customers + excluded.flash_customers,
    faults = m.faults + excluded.faults, ledger_rows = m.ledger_rows + excluded.ledger_rows;
$$;
grant execute on function add_to_mrr_week(account_week[], int) to perennial_writer;

-- How many accounts stood in which stage at the last judgement of a week, with what they pay and their health.
create table stage_week (
  workspace_id int not null,
  week date not null,
  model_id text not null,
  stage text not null,
  accounts int not null,
  paying int not null,
  mrr_minor bigint not null,
  health numeric(5, 1),
  judged_on date not null,
  primary key (workspace_id, model_id, week, stage)
);

-- The figures of a report as it was given out. When accounts are backdated into its window, a new version says what changed.
create table report_version (
  workspace_id int not null,
  report_version_id bigint generated by default as identity,
  kind text not null check (kind in ('churn')),
  window_start date not null,
  window_end date not null,
  filter_key text not null,           -- the filter as canonical JSON; '{}' is everybody
  version int not null,
  numbers jsonb not null,
  changes jsonb not null default '[]',
  made_at timestamptz not null default now(),
  primary key (workspace_id, report_version_id),
  unique (workspace_id, kind, window_start, window_end, filter_key, version)
);

-- "How many events of the window" without the heap: which accounts a window touches.
create index mrr_event_window on mrr_event (workspace_id, effective_at, account_id);
drop index mrr_event_time;

do $$
declare fenced text;
begin
  foreach fenced in array array['account_week', 'mrr_week', 'stage_week', 'report_version'] loop
    call fence(fenced::regclass);
  end loop;
end $$;
