import { fileURLToPath } from "node:url";
import type pg from "pg";
import { refreshRisks } from "#accounts/risk-scores.ts";
import { rebuildRollups, rollupsAreMissing } from "#accounts/rollups.ts";
import type { Actor } from "#actor.ts";
import type { Database } from "#database/door.ts";
import type { LifecycleModel, Moves } from "#lifecycle/model.ts";
import { modelNamed, readLifecycle } from "#stages/knowledge.ts";
import { actorIn, workspaceByHandle } from "#workspaces/workspace.ts";
import { type BenchDatabase, databaseName, freshDatabase, openServer, withDatabase } from "../databases.ts";
import { timed } from "../measure.ts";
import { MODEL } from "../store/generate.ts";
import { generateLedger, TODAY } from "./generate.ts";
import { keptAs, type Made, makeKept } from "./kept.ts";

/** A workspace with so many accounts, its rollups and risks as the product keeps them. */
export interface Ledger {
  accounts: number;
  database: Database;
  connection: pg.PoolConfig;
  /** null: embedded. */
  url: string | null;
  actor: Actor;
  model: LifecycleModel;
  moves: Moves;
  made: Made;
  close(): Promise<void>;
}

/** The ledger of that size: on a server one that an earlier run has kept, or a new one, which stays for the next run. */
export async function openLedger(
  { serverUrl, fresh }: { serverUrl: string | null; fresh: boolean },
  accounts: number,
  tell: (words: string) => void,
): Promise<Ledger> {
  const fill = (opened: BenchDatabase) => fillLedger(opened, accounts, tell);
  if (!serverUrl) {
    const opened = await freshDatabase(null, "churn");
    return ledgerIn(opened, accounts, await fill(opened));
  }
  const name = databaseName(`churn_${accounts}`);
  const kept = fresh ? null : await keptAs(serverUrl, name);
  if (kept) tell(`using ${name}, made on ${kept.on}`);
  const made = kept ?? (await makeKept(serverUrl, name, fill));
  const opened = await openServer(withDatabase(serverUrl, name));
  return ledgerIn(opened, accounts, await withRollups(opened, made, tell));
}

async function fillLedger(
  { database, connection }: BenchDatabase,
  accounts: number,
  tell: (words: string) => void,
): Promise<Made> {
  const { ms } = await timed(() => generateLedger(connection, { accounts, model: knowledge().model, tell }));
  const rollups = await rebuilt(database, tell);
  tell("the risk of all accounts");
  const risk = await timed(async () => refreshRisks(database, await actorOf(database), TODAY));
  await database.withClient((client) => client.query("vacuum analyze"));
  const on = new Date().toISOString().slice(0, 10);
  return { on, loadSeconds: ms / 1000, ...rollups, riskSeconds: risk.ms / 1000 };
}

async function rebuilt(
  database: Database,
  tell: (words: string) => void,
): Promise<Pick<Made, "counted" | "rebuildSeconds">> {
  tell("rollups, by the product's rebuild");
  const actor = await actorOf(database);
  const { ms, result } = await timed(() => rebuildRollups(database, actor));
  return { counted: result, rebuildSeconds: ms / 1000 };
}

/** A migration may have emptied what is derived. */
async function withRollups({ database }: BenchDatabase, made: Made, tell: (words: string) => void): Promise<Made> {
  if (!(await database.read(await actorOf(database), rollupsAreMissing))) return made;
  return { ...made, ...(await rebuilt(database, tell)) };
}

async function actorOf(database: Database): Promise<Actor> {
  const workspace = await workspaceByHandle(database, "bench");
  if (!workspace) throw new Error("the database has no workspace of the bench");
  return actorIn(workspace);
}

function knowledge(): { model: LifecycleModel; moves: Moves } {
  const lifecycle = readLifecycle(fileURLToPath(new URL("../../../knowledge", import.meta.url)));
  return { model: modelNamed(lifecycle, MODEL), moves: lifecycle.moves };
}

async function ledgerIn(opened: BenchDatabase, accounts: number, made: Made): Promise<Ledger> {
  return { ...opened, accounts, actor: await actorOf(opened.database), ...knowledge(), made };
}
