-- Up Migration

-- Every attempt to learn the weights of churn risk from a workspace's own history, taken or not. The newest that was
-- accepted is in use; before the first one, an expert's weights are.
create table risk_model (
  workspace_id int not null,
  version int not null,
  made_at timestamptz not null default now(),
  accepted boolean not null,
  because text not null,              -- why it was taken or not
  model jsonb,                        -- signals, weights and covariance; null when it was not taken
  standard_errors jsonb,              -- of the intercept and the weights, in the order of the signals
  first_day date,                     -- of the days that accounts were looked at as they were known then
  last_day date,
  row_count int not null,
  churned_accounts int not null,
  brier_before double precision,      -- over the newest quarter: with the expert's weights,
  brier_fitted double precision,      -- with those that were tried on it unseen; null when nothing was tried,
  brier_base_rate double precision,   -- and when everybody is given the base rate
  quality jsonb not null,             -- what of the newest quarter was said and what came, for the expert's and the tried weights
  primary key (workspace_id, version)
);

-- The risk that an account which pays churns within 90 days, with the terms of its score. Derived from account_facts.
create table account_risk (
  workspace_id int not null,
  account_id bigint not null,
  as_of date not null,
  facts_at timestamptz not null,      -- when the facts were worked out that it rests on
  model_version text not null,
  calibrated boolean not null,
  score double precision not null,    -- log-odds
  intercept double precision not null,
  probability double precision,       -- null where too little is known
  low double precision,
  high double precision,
  band text check (band in ('low', 'watch', 'high', 'critical')),
  because text,                       -- why there is no probability
  coverage double precision not null, -- share of the weight whose facts are known
  missing jsonb not null,
  terms jsonb not null,               -- [{signal, term, says, rows}], strongest first
  primary key (workspace_id, account_id),
  foreign key (workspace_id, account_id) references account (workspace_id, account_id)
);
create index account_risk_rank on account_risk (workspace_id, score desc);

call fence('risk_model');
call fence('account_risk');
