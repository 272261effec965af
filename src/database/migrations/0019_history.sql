-- Up Migration

-- What a customer pays in one currency, and what that counts in the base currency, after one more change: {minor, base}. What
-- is added counts at the rate of its day; what goes takes its share of what had been counted, and the last of it all. The
-- same as `changed` in src/metrics/ledger.ts, to the cent and with the same rounding.
create function agreed_after(state bigint[], change bigint, added bigint) returns bigint[] language plpgsql immutable parallel safe as $$
declare kept bigint := state[1] + change;
begin
  if kept = 0 then return array[0, 0]; end if;
  if change < 0 and kept > 0 then return array[kept, floor(state[2]::float8 * kept / state[1] + 0.5)::bigint]; end if;
  return array[kept, state[2] + added];
end $$;
create aggregate agreed (change bigint, added bigint) (sfunc = agreed_after, stype = bigint[], initcond = '{0,0}', parallel = safe);

-- What several rows of one moment and one currency add: each at its own rate, or, where they go up and down at rates that
-- differ, the difference at the last rate. `added` in src/metrics/ledger.ts.
create function agreed_change(deltas bigint[], bases bigint[]) returns bigint language plpgsql immutable parallel safe as $$
declare
  change bigint; summed bigint; n int; ups boolean; downs boolean; last_delta float8; last_base float8; at_last_rate float8;
begin
  select sum(d), coalesce(sum(b), 0), count(*), bool_or(d > 0), bool_or(d < 0), (array_agg(d order by i desc))[1], (array_agg(b order by i desc))[1]
    into change, summed, n, ups, downs, last_delta, last_base
    from unnest(deltas, bases) with ordinality as r (d, b, i) where d <> 0;
  if coalesce(change, 0) = 0 then return 0; end if;
  if not (ups and downs) then return summed; end if;
  at_last_rate := floor(change * (last_base / last_delta) + 0.5);
  return case when abs(summed - at_last_rate) <= n + abs(change / last_delta) then summed else at_last_rate end;
end $$;

-- The first end, from a day on, of terms of so many months of which one ends on `known`, counted back from it.
create function term_end(known date, months int, day date) returns date language plpgsql immutable parallel safe as $$
declare terms int; ends date;
begin
  if known is null or known < day then return null; end if;
  terms := (extract(year from age(known, day))::int * 12 + extract(month from age(known, day))::int) / months + 1;
  loop
    ends := (known - make_interval(months => months * terms))::date;
    if ends >= day or terms = 0 then return ends; end if;
    terms := terms - 1;
  end loop;
end $$;

-- The first day of the week that a day is in; weeks start on day 1 (Monday) to 7 (Sunday).
create function week_of(day date, starts_on int) returns date language sql immutable parallel safe
  return day - (extract(isodow from day)::int - starts_on + 7) % 7;

-- The health of each paying account at the end of a week (of the week that runs: as of the last time facts were worked out).
-- `points` are those of usage, support, contact, payment and voice, in this order; null: not known.
create table health_week (
  workspace_id int not null,
  account_id bigint not null,
  week date not null,                 -- its first day
  score smallint,                     -- 0 to 100; null: too little is known
  points smallint[] not null,
  primary key (workspace_id, account_id, week),
  foreign key (workspace_id, account_id) references account (workspace_id, account_id)
);

-- How many paying accounts were in which health band at the end of a week, and what they paid, in the base currency.
create table health_band_week (
  workspace_id int not null,
  week date not null,
  band text not null check (band in ('good', 'watch', 'poor', 'unknown')),
  accounts int not null,
  mrr_minor bigint not null,
  score numeric(5, 1),                -- the mean
  judged_on date not null,            -- the day that it speaks of
  primary key (workspace_id, week, band)
);

call fence('health_week');
call fence('health_band_week');

-- MRR in other currencies counted at today's rate until now, and follows the ledger from here on. Facts are derived, so they
-- are made anew; the owner is kept out of the workspaces' rows but for this.
alter table account_facts no force row level security;
update account_facts set dirty = true;
alter table account_facts force row level security;
