import { deepStrictEqual } from "node:assert";
import { z } from "zod";
import { factsOf, refreshFacts } from "#accounts/facts.ts";
import { riskFactsOf } from "#accounts/risk-facts.ts";
import { refreshRisks } from "#accounts/risk-scores.ts";
import { keepStandings } from "#accounts/standings.ts";
import { sql } from "#database/sql.ts";
import type { AccountFacts } from "#lifecycle/facts.ts";
import { judgeStage } from "#lifecycle/judge.ts";
import { churnRisk } from "#metrics/churn-risk.ts";
import { judgeAccounts } from "#stages/judge-accounts.ts";
import { timed } from "../measure.ts";
import { TODAY } from "./generate.ts";
import type { Ledger } from "./ledgers.ts";

const MOST = 100_000; // a million takes minutes, and the figure an account is the same
const IN_MEMORY = 10_000;
const FACTS_OF = 5_000;

/** Microseconds an account. `all` reads facts, judges and keeps; `alone` is the judgement without the database. */
export interface Judging {
  stage: { accounts: number; all: number; alone: number };
  risk: { accounts: number; all: number; alone: number };
  facts: { accounts: number; all: number };
}

/** Judges stage and risk of all accounts (at most 100,000) as a night with a new model does, and works facts out anew. */
export async function timeJudging(ledger: Ledger, tell: (words: string) => void): Promise<Judging> {
  const { database, actor, model } = ledger;
  tell("judging stages");
  await makeDue(ledger);
  const stage = await timed(() => judgeAccounts({ database, actor, model, day: TODAY, factsOf }));
  tell("judging risks");
  const risk = await timed(() => refreshRisks(database, actor, TODAY));
  const inMemory = await someFacts(ledger);
  const alone = (judge: (facts: AccountFacts) => unknown) => perAccount(() => inMemory.forEach(judge), inMemory.length);
  const judged = { stage: stage.result.judged, risk: risk.result };
  if (judged.stage === 0 || judged.risk === 0) throw new Error("nothing was judged: no account was due");
  return {
    stage: {
      accounts: judged.stage,
      all: (stage.ms * 1000) / judged.stage,
      alone: alone((facts) => judgeStage({ model, facts, day: TODAY })),
    },
    risk: {
      accounts: judged.risk,
      all: (risk.ms * 1000) / judged.risk,
      alone: alone((facts) => churnRisk(riskFactsOf(facts, TODAY))),
    },
    facts: await timeFacts(ledger, tell),
  };
}

function perAccount(work: () => void, accounts: number): number {
  work(); // the compiler's round
  const before = performance.now();
  work();
  return ((performance.now() - before) * 1000) / accounts;
}

/** As after new rules and new weights. */
const makeDue = ({ database, actor }: Ledger): Promise<void> =>
  database.write(actor, async (rows) => {
    await rows.run(sql`update account_stage set model_hash = 'due' where account_id <= ${MOST}`);
    await rows.run(sql`update account_risk set model_version = 'due' where account_id <= ${MOST}`);
  });

const someFacts = ({ database, actor }: Ledger): Promise<AccountFacts[]> =>
  database.write(actor, (rows) =>
    factsOf(
      rows,
      Array.from({ length: IN_MEMORY }, (_, at) => at + 1),
      TODAY,
    ),
  );

const moneyRow = z.object({ id: z.number(), mrrMinor: z.number() });

const SOME = sql`account_id <= ${FACTS_OF}`;

/** Works out facts by the product and compares their money with what the bench had made of the same ledger. */
async function timeFacts(ledger: Ledger, tell: (words: string) => void): Promise<Judging["facts"]> {
  tell("working out facts");
  const { database, actor } = ledger;
  const money = sql`select account_id as id, base_mrr_minor as "mrrMinor" from account_facts where ${SOME} order by 1`;
  await setAside(ledger);
  try {
    const before = await database.read(actor, (rows) => rows.many(moneyRow, money));
    await database.write(actor, (rows) => rows.run(sql`update account_facts set dirty = true where ${SOME}`));
    const { ms, result } = await timed(() => refreshFacts(database, actor, TODAY));
    const after = await database.read(actor, (rows) => rows.many(moneyRow, money));
    deepStrictEqual(after, before, "the product's facts say another MRR than the ledger that was made");
    return { accounts: result, all: (ms * 1000) / result };
  } finally {
    await putBack(ledger);
  }
}

/** The signals that were made up have no rows behind them, and the next run needs them again; also after one that was stopped. */
async function setAside(ledger: Ledger): Promise<void> {
  const { there } = await ledger.database.maintain((rows) =>
    rows.one(z.object({ there: z.boolean() }), sql`select to_regclass('bench_facts') is not null as there`),
  );
  if (there) await putBack(ledger);
  await ledger.database.maintain((rows) =>
    rows.run(sql`create table bench_facts as select * from account_facts where ${SOME}`),
  );
}

async function putBack({ database, actor }: Ledger): Promise<void> {
  const put = await database.maintain(async (rows) => {
    await rows.run(sql`delete from account_facts where ${SOME}`);
    const back = await rows.many(
      idRow,
      sql`insert into account_facts select * from bench_facts returning account_id as id`,
    );
    await rows.run(sql`drop table bench_facts`);
    return back;
  });
  const ids = put.map(({ id }) => id);
  await database.write(actor, (rows) => keepStandings(rows, actor.workspaceId, ids));
}

const idRow = z.object({ id: z.number() });
