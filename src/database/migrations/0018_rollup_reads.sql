-- Up Migration

-- A customer that pays in another currency than the base one: what a longer window says of it is not the sum of its weeks,
-- because rates come in, so such a window reads its ledger.
alter table account_week add column is_foreign boolean not null default false;
alter table mrr_week add column fx_customers int not null default 0;

-- Both are derived. Where they are empty and there is a ledger, they are made anew at the next start.
truncate account_week, mrr_week;
drop function add_to_mrr_week(account_week[], int); -- the sums of a batch are added in one statement now

-- What the lists of the churn report look up, so that they do not read whole tables.
create index subscription_announced on subscription (workspace_id, cancel_on) where ended_on is null and cancel_on is not null;
create index subscription_ended on subscription (workspace_id, ended_on) where ended_on is not null;
create index invoice_late on invoice (workspace_id, paid_on) where paid_on - due_on >= 15;
create index churn_record_time on churn_record (workspace_id, churned_on, account_id) where not is_reactivation;
create index account_deleted on account (workspace_id, account_id) where deleted_at is not null;
create index account_crm_stage on account (workspace_id, lower(crm_stage)) where crm_stage is not null;


-- The movements of a week by size, without the rows behind them.
create index account_week_moves on account_week (workspace_id, week, kind, moved_minor) include (account_id);
drop index account_week_time; -- the same, but for the account

-- What is counted over all paying accounts, without their rows, which are wide.
create index account_facts_due on account_facts (workspace_id, renews_on) include (account_id, base_mrr_minor) where mrr_minor > 0;
drop index account_facts_renewal; -- the same without what is counted
create index account_facts_paying on account_facts (workspace_id, account_id) include (base_mrr_minor, cancel_on) where mrr_minor > 0;
create index account_risk_band on account_risk (workspace_id, band) include (account_id, probability);

-- Whether several accounts give the same reason. What is longer than a category is never looked up.
create index subscription_reason on subscription (workspace_id, cancel_reason, account_id) where length(cancel_reason) <= 40;
create index churn_record_reason on churn_record (workspace_id, reason, account_id) where length(reason) <= 40;
create index opportunity_reason on opportunity (workspace_id, lost_reason, account_id) where length(lost_reason) <= 40;
