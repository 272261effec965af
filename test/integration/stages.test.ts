import { beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { factsOf, refreshFacts } from "#accounts/facts.ts";
import type { Actor } from "#actor.ts";
import type { Database } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { createWriter } from "#intake/write.ts";
import { rebuildHistory } from "#reports/past/rebuild.ts";
import { judgeAccounts } from "#stages/judge-accounts.ts";
import { modelNamed, readLifecycle } from "#stages/knowledge.ts";
import { pinStage, stageStates, transitionsOf, unpinStage } from "#stages/state.ts";
import { freshWorkspace } from "../fixtures/database.ts";
import { knowledgeFolder } from "../fixtures/sample.ts";

const model = modelNamed(readLifecycle(knowledgeFolder), "experience-six");
let database: Database;
let actor: Actor;
let id: number;

beforeEach(async () => {
  ({ database, actor } = await freshWorkspace());
  await createWriter({ database, actor, source: "crm", syncedAt: "2026-11-22T06:00:00Z", today: "2026-11-22" }).write([
    { kind: "account", record: { id: "a1", name: "Acme", createdOn: "2025-01-10" } },
    {
      kind: "interaction",
      record: {
        id: "i1",
        account: "a1",
        at: "2025-02-03T10:00:00Z",
        channel: "email",
        direction: "inbound",
        kind: "question",
      },
    },
    {
      kind: "opportunity",
      record: {
        id: "o1",
        account: "a1",
        stage: "Evaluation",
        createdOn: "2025-02-20",
        closed: true,
        won: true,
        closeOn: "2025-04-01",
      },
    },
    {
      kind: "subscription",
      record: {
        id: "s1",
        account: "a1",
        plan: "Team",
        mrrMinor: 50_000,
        currency: "USD",
        startedOn: "2025-04-01",
        renewsOn: "2027-04-01",
      },
    },
    {
      kind: "ticket",
      record: {
        id: "t1",
        account: "a1",
        priority: "normal",
        createdAt: "2025-04-20T10:00:00Z",
        solvedAt: "2025-04-21T10:00:00Z",
      },
    },
  ]);
  id = (
    await database.read(actor, (rows) =>
      rows.one(z.object({ id: z.number() }), sql`select account_id as id from account`),
    )
  ).id;
});

const refresh = (day: string) => refreshFacts(database, actor, day);
async function judge(day: string) {
  await refresh(day);
  return judgeAccounts({ database, actor, model, day, factsOf });
}
const history = () => database.read(actor, (rows) => transitionsOf(rows, id, model.id));
const state = async () => (await database.read(actor, (rows) => stageStates(rows, [id], model.id))).get(id)!;

test("a transition is kept with its model, version, rule, evidence and day", async () => {
  expect(await judge("2026-11-22")).toEqual({ judged: 1, moved: 1 });
  const [first] = await history();
  expect(first).toMatchObject({
    model: "experience-six",
    modelVersion: model.version,
    from: null,
    to: "retention",
    decidedOn: "2026-11-22",
    decidedBy: "rule",
  });
  const [kept] = await database.read(actor, (rows) =>
    rows.many(
      z.object({ evidence: z.array(z.object({ fact: z.string() }).loose()) }),
      sql`select evidence from stage_transition`,
    ),
  );
  expect(kept!.evidence.map(({ fact }) => fact)).toContain("mrr_minor");
});

test("the same day again judges nobody and moves nothing", async () => {
  await judge("2026-11-22");
  expect(await judge("2026-11-22")).toEqual({ judged: 0, moved: 0 });
  expect(await history()).toHaveLength(1);
});

test("past weeks can be judged from the dates that rows carry, and a pin outlives it", async () => {
  await judge("2026-11-22");
  await pinStage(database, actor, {
    accountId: id,
    model: model.id,
    stage: "advocacy",
    until: "2026-12-31",
    reason: "speaks at our event",
  });
  await rebuildHistory({ database, actor, model, today: "2026-11-22", weeks: 104 });
  const stages = (await history()).map(({ to }) => to).reverse();
  expect(stages[0]).toBe("awareness");
  expect(stages).toContain("consideration");
  expect(stages.at(-1)).toBe("retention");
  expect((await state()).pin).toMatchObject({ stage: "advocacy", until: "2026-12-31", reason: "speaks at our event" });
  const entered = (await history()).map(({ enteredOn }) => enteredOn);
  expect(entered).toEqual(entered.toSorted().reverse());
});

test("a pin can be taken away, and an account without one cannot be freed", async () => {
  await judge("2026-11-22");
  expect(await unpinStage(database, actor, { accountId: id, model: model.id })).toBe(false);
  await pinStage(database, actor, {
    accountId: id,
    model: model.id,
    stage: "support",
    until: "2026-12-01",
    reason: null,
  });
  expect(await unpinStage(database, actor, { accountId: id, model: model.id })).toBe(true);
  expect((await state()).pin).toBeNull();
});
