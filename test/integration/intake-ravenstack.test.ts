import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { sql } from "#database/sql.ts";
import { importFolder, refusals } from "#intake/import.ts";
import { parseMapping } from "#intake/mapping.ts";
import { freshWorkspace } from "../fixtures/database.ts";

// The sample does not belong to the project: name the folder that holds `ravenstack/` to run this.
const folder = join(process.env.PERENNIAL_SAMPLES ?? "", "ravenstack");
const present = process.env.PERENNIAL_SAMPLES !== undefined && existsSync(folder);
const mapping = parseMapping(readFileSync("knowledge/mappings/ravenstack.yaml", "utf8"), "ravenstack.yaml");

describe.skipIf(!present)("the RavenStack sample (skipped unless PERENNIAL_SAMPLES names its folder)", () => {
  test("comes in whole but for its 21 duplicates, and a second time changes nothing", async () => {
    const { database, actor } = await freshWorkspace();
    const dry = await importFolder({ database, actor, folder, mapping, dryRun: true });
    const first = await importFolder({ database, actor, folder, mapping });
    const second = await importFolder({ database, actor, folder, mapping });
    expect(dry.files).toEqual(first.files);
    expect(first.files.map(({ kind, read, new: added, refused }) => [kind, read, added, refused])).toEqual([
      ["account", 500, 500, 0],
      ["subscription", 5000, 5000, 0],
      ["ticket", 2000, 2000, 0],
      ["usage", 25000, 24979, 21],
      ["churn", 600, 600, 0],
    ]);
    expect(second.files.every((each) => each.new === 0 && each.changed === 0)).toBe(true);
    const refused = await refusals(database, actor, first.runId!);
    expect(refused).toHaveLength(21);
    expect(
      refused.every((each) => each.column === "usage_id" && each.reason.startsWith("duplicate id, first seen in line")),
    ).toBe(true);
    // Three contradictory answers to "who churned", each kept apart.
    const churned = await database.read(actor, (rows) =>
      rows.one(
        z.object({ flag: z.number(), events: z.number(), unpaid: z.number() }),
        sql`
        select (select count(*)::int from account where crm_stage = 'churned') as flag,
          (select count(distinct account_id)::int from churn_record) as events,
          (select count(*)::int from (select account_id from mrr_event group by account_id having sum(delta_minor) = 0) gone) as unpaid`,
      ),
    );
    expect(churned).toEqual({ flag: 110, events: 352, unpaid: 0 });
    const ledger = await database.read(actor, (rows) =>
      rows.one(
        z.object({ ledger: z.number(), subscriptions: z.number() }),
        sql`
        select (select sum(delta_minor) from mrr_event) as ledger, (select sum(mrr_minor) from subscription where ended_on is null) as subscriptions`,
      ),
    );
    expect(ledger.ledger).toBe(ledger.subscriptions);
  });
});
