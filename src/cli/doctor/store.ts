import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { freshness } from "#accounts/facts.ts";
import type { Config } from "#config.ts";
import { type OpenDatabase, openDatabase } from "#database/connect.ts";
import { databaseState } from "#database/state.ts";
import { BadInput, Unavailable } from "#errors.ts";
import { daysBetween } from "#lifecycle/days.ts";
import type { Log } from "#log.ts";
import {
  accountCount,
  actorIn,
  allWorkspaces,
  OWN_WORKSPACE,
  SAMPLE_WORKSPACE,
  type Workspace,
} from "#workspaces/workspace.ts";
import { broken, type Check, note, off, ok } from "./check.ts";
import { checkIndex } from "./search.ts";

/** Looks at the database and at what is in it, and changes nothing. */
export async function checkStore(config: Config, log: Log): Promise<Check[]> {
  if (!config.databaseUrl && !existsSync(join(config.dataFolder, "database"))) {
    const closed = closedPlace(config.dataFolder);
    if (closed) return [broken("database", closed)];
    return [
      off(
        "database",
        `embedded, not made yet (${config.dataFolder})`,
        "`perennial start` makes it, with the sample company in it.",
      ),
    ];
  }
  try {
    const open = await openDatabase({ url: config.databaseUrl, folder: config.dataFolder, log, migrating: false });
    try {
      return await checkOpen(open, config);
    } finally {
      await open.close();
    }
  } catch (error) {
    if (error instanceof Unavailable || error instanceof BadInput) return [broken("database", error.message)];
    throw error;
  }
}

/** Why no folder can be made there; null: it can. */
function closedPlace(folder: string): string | null {
  let place = folder;
  while (!existsSync(place)) place = dirname(place);
  try {
    accessSync(place, constants.W_OK);
    if (statSync(place).isDirectory()) return null;
  } catch (closed) {
    if (!(closed instanceof Error && "code" in closed)) throw closed;
  }
  return `The data folder ${folder} cannot be made or written: ${place} lets nobody write here. Set PERENNIAL_DATA to another folder, or DATABASE_URL to a PostgreSQL.`;
}

async function checkOpen({ database, kind }: OpenDatabase, config: Config): Promise<Check[]> {
  const { version, vector, pgTrgm, applied, pending } = await databaseState(database);
  const place = kind === "embedded" ? `embedded in ${config.dataFolder}` : "server (DATABASE_URL)";
  const extensions =
    [vector && `vector ${vector}`, pgTrgm && `pg_trgm ${pgTrgm}`].filter(Boolean).join(", ") || "no extensions yet";
  const schema =
    pending.length === 0
      ? ok("schema", `${applied.length} migrations, up to date`)
      : note(
          "schema",
          `${pending.length} of ${applied.length + pending.length} migrations are waiting: ${pending.join(", ")}`,
          "`perennial migrate` runs them; every other command does so too.",
        );
  const checks = [ok("database", `PostgreSQL ${version}, ${place}, ${extensions}`), schema];
  if (applied.length === 0) return checks;
  return [...checks, ...(await checkWorkspaces(database, config, pending.length === 0))];
}

async function checkWorkspaces(
  database: OpenDatabase["database"],
  config: Config,
  upToDate: boolean,
): Promise<Check[]> {
  const all = await Promise.all(
    (await allWorkspaces(database)).map(async (each) => ({ ...each, accounts: await accountCount(database, each) })),
  );
  const own = all.find(({ handle, accounts }) => handle === OWN_WORKSPACE && accounts > 0);
  const used = config.workspace
    ? all.find(({ handle }) => handle === config.workspace)
    : (own ?? all.find(({ handle }) => handle === SAMPLE_WORKSPACE));
  const list = all
    .map(({ handle, accounts, lifecycleModel }) => `${handle} (${accounts} accounts, ${lifecycleModel})`)
    .join(", ");
  if (!used) {
    const wanted = config.workspace ? `${config.workspace} (PERENNIAL_WORKSPACE) is not there yet` : "none yet";
    return [
      note(
        "workspaces",
        [wanted, list].filter(Boolean).join("; "),
        "`perennial import` fills one; `perennial seed` loads the sample company.",
      ),
    ];
  }
  const today = config.today ?? used.clock ?? new Date().toISOString().slice(0, 10);
  return [
    ok("workspaces", `${list}; in use: ${used.handle}, as of ${today}`),
    ...(upToDate ? [await checkIndex(database, used, config)] : []), // an older schema tells less of it
    ...(await checkFreshness(database, used, today)),
  ];
}

/** One line a domain: which source feeds it, and whether it is as fresh as it should be. */
async function checkFreshness(
  database: OpenDatabase["database"],
  workspace: Workspace,
  today: string,
): Promise<Check[]> {
  const domains = await database.read(actorIn(workspace), (rows) => freshness(rows, today));
  return domains.map(({ domain, source, asOf, expectedDays }) => {
    if (asOf === null) return off("freshness", `${domain}: no source`, null);
    const age = daysBetween(asOf, today);
    const says = `${domain}: ${source ?? "unknown source"}, ${asOf} (${age === 0 ? "today" : `${age} ${age === 1 ? "day" : "days"} ago`})`;
    return age > expectedDays
      ? note(
          "freshness",
          `${says}, stale: expected every ${expectedDays} days`,
          `Import newer ${domain} data; answers say how old it is until then.`,
        )
      : ok("freshness", says);
  });
}
