import pg from "pg";
import { seeded } from "#seeded.ts";
import { timed } from "../measure.ts";
import { coinedWords, LEGAL_FORMS, NOUNS, PLACES } from "./names.ts";

export const DAY = "2026-11-22";
export const MODEL = "experience-six";
/** One account in so many has contacts, opportunities, tickets and tasks; all have facts, a stage, an owner and a domain. */
export const DETAILED_EVERY = 20;
const WORDS = 50_000;
const SPARE = 1.15; // so many more names are made up than needed: equal ones are left out

/** What is loaded, in words, and the statements that do it. */
export type Step = [what: string, ...statements: string[]];

/** Fills a migrated, empty database with one workspace of so many accounts, by set-based SQL. Returns the workspace's id. */
export const generateStore = (
  connection: pg.PoolConfig,
  accounts: number,
  tell: (words: string) => void,
): Promise<number> => load(connection, { tables: TABLES, steps: (workspace) => storeSteps(workspace, accounts), tell });

const TABLES = [
  "account",
  "account_word",
  "account_facts",
  "account_stage",
  "contact",
  "opportunity",
  "ticket",
  "task",
];

/**
 * Loads a workspace into a migrated, empty database, on one connection. Indexes of the tables are made afterwards.
 * Returns the workspace's id.
 */
export async function load(
  connection: pg.PoolConfig,
  loaded: { tables: readonly string[]; steps(workspace: number): Step[]; tell(words: string): void },
): Promise<number> {
  const { tables, steps, tell } = loaded;
  const client = new pg.Client(connection);
  await client.connect();
  try {
    await prepare(client);
    const workspace = await makeWorkspace(client);
    const indexes = await dropIndexes(client, tables);
    for (const [what, ...statements] of steps(workspace)) {
      const { ms } = await timed(async () => {
        for (const statement of statements) await client.query(statement);
      });
      tell(`${what}: ${(ms / 1000).toFixed(1)} s`);
    }
    for (const definition of indexes) await client.query(definition);
    tell("indexes made, collecting statistics");
    await client.query("vacuum analyze");
    return workspace;
  } finally {
    await client.end();
  }
}

/** Foreign keys are not checked while the rows are made: they are made to fit. Only a superuser may ask for that. */
async function prepare(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ super: boolean }>(
    "select rolsuper as super from pg_roles where rolname = current_user",
  );
  if (rows[0]?.super) await client.query("set session_replication_role = replica");
  await client.query(
    "set maintenance_work_mem = '512MB'; set work_mem = '128MB'; set synchronous_commit = off; set jit = off",
  );
  await client.query(
    "create temp table coined (n int primary key, word text); create temp table common (kind text, n int, word text, primary key (kind, n))",
  );
  const numbered = (words: readonly string[]) => [words.map((_, at) => at + 1), words];
  await client.query(
    "insert into coined select * from unnest($1::int[], $2::text[])",
    numbered(coinedWords(WORDS, seeded(2026))),
  );
  for (const [kind, words] of Object.entries({ noun: NOUNS, place: PLACES, form: LEGAL_FORMS }))
    await client.query("insert into common select $3, * from unnest($1::int[], $2::text[])", [
      ...numbered(words),
      kind,
    ]);
  // A random number from 0 to 1 that is the same in every run.
  await client.query(
    "create function pg_temp.chance(i bigint, seed int) returns float8 language sql immutable as 'select (hashint8extended($1, $2) & 2147483647) / 2147483648.0'",
  );
}

async function makeWorkspace(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ id: number }>(
    "insert into workspace (handle, name, lifecycle_model) values ('bench', 'Bench', $1) returning workspace_id as id",
    [MODEL],
  );
  const { id } = rows[0]!;
  await client.query("select set_config('app.workspace', $1, false)", [String(id)]);
  return id;
}

/** Indexes that hold no rule are made anew after the load: far quicker than keeping them row by row. */
async function dropIndexes(client: pg.Client, tables: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `
    select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition from pg_index i
    where i.indrelid::regclass::text = any ($1) and not i.indisunique and not exists (select from pg_constraint c where c.conindid = i.indexrelid)`,
    [tables],
  );
  for (const { name } of rows) await client.query(`drop index ${name}`);
  return rows.map((each) => each.definition);
}

/** People in teams, and accounts with distinct names; these stay as `named` (id, name, norm) while the connection lasts. */
export function accountSteps(workspace: number, accounts: number): Step[] {
  const day = `date '${DAY}'`;
  // Few words are in many names and many words in few: a power of the chance makes it so.
  const coined = (seed: number) =>
    `(select word from coined where n = (1 + floor(${WORDS} * pg_temp.chance(i, ${seed}) ^ 1.5))::int)`;
  const common = (kind: string, among: readonly string[], seed: number, skew: number) =>
    `(select word from common where kind = '${kind}' and n = (1 + floor(${among.length} * pg_temp.chance(i, ${seed}) ^ ${skew}))::int)`;
  return [
    [
      "people",
      `insert into team (workspace_id, team_id, name) select ${workspace}, n, 'Team ' || n from generate_series(1, 12) n;
       insert into person (workspace_id, person_id, full_name, team_id) select ${workspace}, n, (select word from coined where coined.n = p.n) || ' ' || (select word from coined where coined.n = p.n + 5000), 1 + n % 12 from generate_series(1, 240) p (n)`,
    ],
    [
      `${accounts} distinct names`,
      `create temp table named as
       select row_number() over (order by i) as id, name, norm from (
         select distinct on (norm) i, name, norm from (
           select i, name, normal_name(name) as norm from (
             select i, first || case when chance < 0.45 then ' ' || noun when chance < 0.70 then ' ' || second || ' ' || noun when chance < 0.90 then ' ' || second else ' ' || place || ' ' || noun end
                 || coalesce(' ' || form, '') as name
             from (select i, pg_temp.chance(i, 1) as chance, ${coined(2)} as first, ${coined(3)} as second, ${common("noun", NOUNS, 4, 1.6)} as noun,
                     ${common("place", PLACES, 5, 1)} as place, case when pg_temp.chance(i, 6) < 0.5 then ${common("form", LEGAL_FORMS, 7, 1.5)} end as form
                   from generate_series(1, ${Math.ceil(accounts * SPARE)}) i) parts) names) normal
         order by norm, i) told
       order by i limit ${accounts}`,
    ],
    [
      "accounts",
      `insert into account (workspace_id, account_id, name, name_norm, owner_id, segment, industry, country, currency, plan, created_on)
       select ${workspace}, id, name, norm, 1 + id % 240, (array['SMB', 'Mid-market', 'Enterprise'])[1 + id % 3], (array['SaaS', 'Retail', 'Health', 'FinTech', 'EdTech'])[1 + id % 5],
         (array['US', 'DE', 'GB', 'FR', 'NL', 'SE'])[1 + id % 6], 'USD', (array['Basic', 'Pro', 'Enterprise'])[1 + id % 3], ${day} - (id % 900)::int from named;
       select setval(pg_get_serial_sequence('account', 'account_id'), ${accounts});
       create unique index on named (id); analyze named`,
    ],
  ];
}

function storeSteps(workspace: number, accounts: number): Step[] {
  const day = `date '${DAY}'`;
  const detailed = `generate_series(${DETAILED_EVERY}, ${accounts}, ${DETAILED_EVERY}) a`;
  return [
    ...accountSteps(workspace, accounts),
    [
      "domains and other names",
      `insert into account_domain (workspace_id, domain, account_id) select ${workspace}, replace(norm, ' ', '') || '.example', id from named on conflict do nothing;
       insert into account_alias (workspace_id, alias_norm, account_id, alias) select ${workspace}, normal_name(alias), id, alias from (select id, name || ' International' as alias from named where id % ${DETAILED_EVERY * 4} = 0) a`,
    ],
    [
      "the words of the names (index_account_names)",
      ...batches(accounts, 5_000).map(
        ([from, to]) => `select index_account_names(array(select id from named where id between ${from} and ${to}))`,
      ),
    ],
    ["facts", factsOfAll(workspace)],
    [
      "stages",
      `insert into account_stage (workspace_id, account_id, model_id, stage, since, judged_on, model_version, model_hash, rule, says, confidence)
       select ${workspace}, id, '${MODEL}', (array['awareness', 'consideration', 'purchase', 'support', 'retention', 'advocacy'])[1 + id % 6], ${day} - (id % 200)::int, ${day}, 1, 'bench', 'bench', 'made for the bench', 'sure' from named`,
    ],
    sourcesStep(workspace),
    [
      "contacts, opportunities, tickets and tasks of some",
      `insert into contact (workspace_id, account_id, full_name, email, title, role) select ${workspace}, a, 'Contact ' || n, 'c' || n || '@a' || a || '.example', 'Head of ' || n, (array['champion', 'decision_maker', 'user', 'billing'])[1 + n % 4] from ${detailed}, generate_series(1, 5) n;
       insert into opportunity (workspace_id, account_id, owner_id, name, stage, amount_minor, currency, is_closed, is_won, close_on, created_on) select ${workspace}, a, 1, 'Deal ' || n, case when n < 3 then 'Closed Won' else 'Proposal' end, 100000 * n, 'USD', n < 3, n < 3, ${day} + 30 * (n - 2), ${day} - 200 from ${detailed}, generate_series(1, 4) n;
       insert into ticket (workspace_id, account_id, subject, status, priority, created_at, solved_at) select ${workspace}, a, 'Ticket number ' || n || ' of the account', case when n < 11 then 'solved' else 'open' end, (array['low', 'normal', 'high', 'urgent'])[1 + (a + n) % 4], ${day} - n * interval '9 days', case when n < 11 then ${day} - n * interval '8 days' end from ${detailed}, generate_series(1, 12) n;
       insert into task (workspace_id, account_id, owner_id, title, due_on) select ${workspace}, a, 1 + n, 'Task ' || n, ${day} + n from ${detailed}, generate_series(1, 2) n`,
    ],
  ];
}

/** First and last id of each batch: what intake does in one transaction. */
function batches(count: number, size: number): [number, number][] {
  return Array.from({ length: Math.ceil(count / size) }, (_, at) => [1 + at * size, Math.min(count, (at + 1) * size)]);
}

/** Sources of all domains, as fresh as can be. */
export const sourcesStep = (workspace: number): Step => [
  "sources",
  `insert into source_feed (workspace_id, domain, source, synced_at) select ${workspace}, domain, 'bench', date '${DAY}' from unnest(array['crm', 'marketing', 'billing', 'support', 'usage', 'voice']) domain`,
];

/** Facts as refreshed ones look: most of them there, with the rows behind each. Of a table with an `id`; `own` facts are its own, as SQL. */
export function factsOfAll(
  workspace: number,
  {
    from = "named",
    day = `date '${DAY}'`,
    own = {},
  }: { from?: string; day?: string; own?: Record<string, string> } = {},
): string {
  const facts: Record<string, string> = { ...madeUpFacts(day), ...own };
  return `
    insert into account_facts (workspace_id, account_id, as_of, dirty, evidence, ${Object.keys(facts).join(", ")})
    select ${workspace}, id, ${day}, false, ${evidenceOf(day)}, ${Object.values(facts).join(", ")} from ${from}`;
}

const madeUpFacts = (day: string): Record<string, string> => ({
  currency: "'USD'",
  base_mrr_minor: "1000 * (id % 900)",
  created_on: `${day} - (id % 900)::int`,
  first_touch_on: `${day} - (id % 900)::int`,
  first_touch_channel: "'email'",
  last_inbound_on: `${day} - (id % 50)::int`,
  last_outbound_on: `${day} - (id % 40)::int`,
  last_touch_on: `${day} - (id % 40)::int`,
  touches_30d: "(id % 7)::int",
  contacts: "5",
  reachable_contacts: "4",
  mrr_minor: "1000 * (id % 900)",
  active_subscriptions: "1",
  seats: "(id % 300)::int",
  plan: "'Pro'",
  first_paid_on: `${day} - (id % 800)::int`,
  renews_on: `${day} + (id % 365)::int`,
  paid_invoices: "(id % 24)::int",
  last_invoice_paid_on: `${day} - (id % 30)::int`,
  open_tickets: "(id % 3)::int",
  tickets_30d: "(id % 4)::int",
  tickets_90d: "(id % 9)::int",
  last_ticket_on: `${day} - (id % 60)::int`,
  first_used_on: `${day} - (id % 700)::int`,
  last_used_on: `${day} - (id % 20)::int`,
  active_users_30d: "(id % 200)::int",
  events_30d: "(id % 9000)::int",
  events_prior_30d: "(id % 8000)::int",
  nps_score: "id % 11",
  nps_on: `${day} - (id % 90)::int`,
  health: "(id % 100)::int",
});

function evidenceOf(day: string): string {
  const from = {
    created_on: "account",
    last_touch_on: "interaction",
    touches_30d: "interaction",
    contacts: "contact",
    mrr_minor: "mrr_event",
    first_paid_on: "mrr_event",
    seats: "subscription",
    plan: "subscription",
    renews_on: "subscription",
    open_tickets: "ticket",
    last_ticket_on: "ticket",
    last_used_on: "product_usage",
    events_30d: "product_usage",
    nps_score: "survey_response",
  };
  const proof = (table: string) =>
    `jsonb_build_object('on', ${day} - (id % 60)::int, 'rows', jsonb_build_array('${table}:' || id))`;
  const pairs = Object.entries(from).map(([fact, table]) => `'${fact}', ${proof(table)}`);
  return `jsonb_build_object(${pairs.join(", ")})`;
}
