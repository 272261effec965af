-- Up Migration

-- What the lists of today count of an account that pays or has a risk: derived from its facts, its risk and its groups, and
-- narrow, where those are wide. Money in minor units of the base currency.
create table account_standing (
  workspace_id int not null,
  account_id bigint not null,
  owner_id bigint,                    -- the groups are those that the sums below count it under
  segment text,
  country text,
  plan text,
  paying boolean not null,
  mrr_minor bigint not null,          -- 0 where it does not pay
  renews_on date,                     -- null where it does not pay
  leaving boolean not null,           -- pays, and a subscription of it is cancelled or ends later than its facts are of
  scored boolean not null,            -- there is a row of account_risk,
  known boolean not null,             -- and it has a band
  at_risk boolean not null,           -- pays, has not cancelled, and its risk is high or critical
  expected_loss double precision,     -- MRR × probability, of those at risk
  primary key (workspace_id, account_id)
);
create index account_standing_loss on account_standing (workspace_id, expected_loss desc) include (account_id, owner_id, segment, country, plan) where at_risk;
create index account_standing_renewal on account_standing (workspace_id, renews_on, mrr_minor desc) include (account_id, owner_id, segment, country, plan) where renews_on is not null;
create index account_standing_leaving on account_standing (workspace_id, account_id) include (mrr_minor, owner_id, segment, country, plan) where leaving;

-- The sums of account_standing: over all accounts and over each group.
create table standing_sum (
  workspace_id int not null,
  cut text not null check (cut in ('all', 'owner', 'segment', 'country', 'plan')),
  value text not null,                -- '' for all, and for accounts without such a value
  paying int not null,
  scored int not null,
  known int not null,
  at_risk int not null,
  at_risk_minor bigint not null,
  primary key (workspace_id, cut, value)
);

-- How many accounts renew on a day, and what they pay.
create table renewal_sum (
  workspace_id int not null,
  cut text not null check (cut in ('all', 'owner', 'segment', 'country', 'plan')),
  value text not null,
  renews_on date not null,
  customers int not null,
  mrr_minor bigint not null,
  primary key (workspace_id, cut, value, renews_on)
);
create index renewal_sum_past on renewal_sum (workspace_id) where customers = 0; -- to be swept

-- What account_standing has to say by what is known now, its columns in its order.
create view standing_now with (security_invoker = true) as
  select f.workspace_id, f.account_id, g.owner_id, g.segment, g.country, g.plan, f.mrr_minor > 0 as paying,
    case when f.mrr_minor > 0 then f.base_mrr_minor else 0 end as mrr_minor, case when f.mrr_minor > 0 then f.renews_on end as renews_on,
    f.mrr_minor > 0 and exists (select from subscription s where s.workspace_id = f.workspace_id and s.account_id = f.account_id
      and (s.ended_on > f.as_of or s.ended_on is null and s.cancel_on is not null)) as leaving,
    r.account_id is not null as scored, r.band is not null as known, risky.yes as at_risk,
    case when risky.yes then r.probability * f.base_mrr_minor end as expected_loss
  from account_facts f
  join account_group g on g.workspace_id = f.workspace_id and g.account_id = f.account_id
  left join account_risk r on r.workspace_id = f.workspace_id and r.account_id = f.account_id
  cross join lateral (select f.mrr_minor > 0 and f.cancel_on is null and coalesce(r.band in ('high', 'critical'), false) as yes) risky
  where f.mrr_minor > 0 or r.account_id is not null;
grant select on standing_now to perennial_reader, perennial_writer;

-- Filled for every workspace, so that no report counts nothing in between: the owner is kept out of the rows but for this.
alter table account no force row level security;
alter table subscription no force row level security;
alter table account_facts no force row level security;
alter table account_risk no force row level security;
insert into account_standing select * from standing_now;
alter table account force row level security;
alter table subscription force row level security;
alter table account_facts force row level security;
alter table account_risk force row level security;
alter table account_standing add foreign key (workspace_id, account_id) references account (workspace_id, account_id);

insert into standing_sum
select s.workspace_id, c.cut, c.value, count(*) filter (where s.paying), count(*) filter (where s.scored), count(*) filter (where s.known),
  count(*) filter (where s.at_risk), coalesce(sum(s.mrr_minor) filter (where s.at_risk), 0)
from account_standing s cross join lateral (values ('all', ''), ('owner', coalesce(s.owner_id::text, '')), ('segment', coalesce(s.segment, '')),
  ('country', coalesce(s.country, '')), ('plan', coalesce(s.plan, ''))) c (cut, value)
group by 1, 2, 3;
insert into renewal_sum
select s.workspace_id, c.cut, c.value, s.renews_on, count(*), sum(s.mrr_minor)
from account_standing s cross join lateral (values ('all', ''), ('owner', coalesce(s.owner_id::text, '')), ('segment', coalesce(s.segment, '')),
  ('country', coalesce(s.country, '')), ('plan', coalesce(s.plan, ''))) c (cut, value)
where s.renews_on is not null group by 1, 2, 3, 4;

call fence('account_standing');
call fence('standing_sum');
call fence('renewal_sum');

-- What the sums say now was counted along it.
drop index account_risk_band;

-- Moves between stages in a window, without the rows behind them, which carry their evidence.
create index stage_transition_moves on stage_transition (workspace_id, model_id, entered_on) include (account_id, from_stage, to_stage, stage_transition_id);
drop index stage_transition_time; -- the same without what is told

-- Announced ends, likewise.
create index subscription_ending on subscription (workspace_id, cancel_on) include (account_id, subscription_id, mrr_minor, started_on, status) where ended_on is null and cancel_on is not null;
drop index subscription_announced; -- the same without what is told
