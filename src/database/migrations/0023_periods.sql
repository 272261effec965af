-- Up Migration

-- The sums of months and quarters, as mrr_week has those of weeks. A customer nets over a month otherwise than over its weeks.
create table mrr_period (
  workspace_id int not null,
  interval text not null check (interval in ('month', 'quarter')),
  start date not null,                -- its first day, in the workspace's zone
  cut text not null check (cut in ('all', 'owner', 'segment', 'country', 'plan', 'mix')),
  value text not null,                -- as in mrr_week
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
  fx_customers int not null default 0,
  flash_minor bigint not null default 0,
  flash_customers int not null default 0,
  faults int not null default 0,
  ledger_rows int not null default 0,
  primary key (workspace_id, interval, cut, value, start)
);

-- What an account has added to the months and quarters, so that it can be taken out again: a list, one entry for each in which
-- something happened. Never searched; its groups are those of its rows in account_week.
create table account_period (
  workspace_id int not null,
  account_id bigint not null,
  periods json not null,
  primary key (workspace_id, account_id),
  foreign key (workspace_id, account_id) references account (workspace_id, account_id)
);

-- The workspaces whose months and quarters are whole. Others have them worked out from the weeks, and made at the next start.
create table period_rollup (
  workspace_id int primary key
);

call fence('mrr_period');
call fence('account_period');
call fence('period_rollup');

-- A fifth cut, for several filters at once: segment, country and plan together, as a JSON list.
alter table mrr_week drop constraint mrr_week_cut_check;
alter table mrr_week add constraint mrr_week_cut_check check (cut in ('all', 'owner', 'segment', 'country', 'plan', 'mix'));

-- The owner of the tables is kept out of the workspaces' rows but for this.
alter table mrr_week no force row level security;
alter table account_week no force row level security;
insert into mrr_week (workspace_id, week, cut, value, delta_minor, customers_delta, new_minor, new_customers, reactivation_minor, reactivation_customers,
  expansion_minor, expansion_customers, contraction_minor, contraction_customers, churn_minor, churn_customers, fx_minor, fx_customers, flash_minor, flash_customers, faults, ledger_rows)
select workspace_id, week, 'mix', jsonb_build_array(segment, country, plan)::text, sum(end_minor - start_minor), sum((end_minor > 0)::int - (start_minor > 0)::int),
  coalesce(sum(moved_minor) filter (where kind = 'new'), 0), count(*) filter (where kind = 'new'),
  coalesce(sum(moved_minor) filter (where kind = 'reactivation'), 0), count(*) filter (where kind = 'reactivation'),
  coalesce(sum(moved_minor) filter (where kind = 'expansion'), 0), count(*) filter (where kind = 'expansion'),
  coalesce(sum(moved_minor) filter (where kind = 'contraction'), 0), count(*) filter (where kind = 'contraction'),
  coalesce(sum(moved_minor) filter (where kind = 'churn'), 0), count(*) filter (where kind = 'churn'),
  sum(fx_minor), count(*) filter (where fx_minor <> 0), sum(flash_minor), count(*) filter (where flash_minor > 0), count(*) filter (where fault), sum(ledger_rows)
from account_week group by workspace_id, week, segment, country, plan;
alter table mrr_week force row level security;
alter table account_week force row level security;

-- All that a window is told from, so that months of it are read without the rows, which lie by account and not by week.
create index account_week_told on account_week (workspace_id, week, kind, moved_minor)
  include (account_id, start_minor, end_minor, fx_minor, flash_minor, fault, is_foreign, ledger_rows, owner_id, segment, country, plan);
drop index account_week_moves; -- the same with the account alone

-- The few accounts whose weeks do not tell a longer window.
create index account_week_odd on account_week (workspace_id, week, account_id) where flash_minor > 0 or fault or is_foreign;

-- What of a week lies outside of a window that begins or ends inside it.
create index mrr_event_edge on mrr_event (workspace_id, effective_at, account_id) include (base_delta_minor);
drop index mrr_event_window; -- the same without the amount
