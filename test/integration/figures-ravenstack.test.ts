import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { sql } from "#database/sql.ts";
import { importFolder } from "#intake/import.ts";
import { parseMapping } from "#intake/mapping.ts";
import { callTool, madeCompany } from "../fixtures/figures.ts";

// The sample does not belong to the project: name the folder that holds `ravenstack/` to run this.
const folder = join(process.env.PERENNIAL_SAMPLES ?? "", "ravenstack");
const present = process.env.PERENNIAL_SAMPLES !== undefined && existsSync(folder);
const mapping = parseMapping(readFileSync("knowledge/mappings/ravenstack.yaml", "utf8"), "ravenstack.yaml");

describe.skipIf(!present)("the RavenStack sample (skipped unless PERENNIAL_SAMPLES names its folder)", () => {
  test("the churn answer names its definition, gives the figure, and shows that the three sources disagree", async () => {
    const { context } = await madeCompany({ today: "2025-01-01" });
    const { database, actor } = context;
    await importFolder({ database, actor, folder, mapping });
    const { found, words } = await callTool(context, "compare_figures", { metrics: ["logo_churn"], windows: ["2024"] });
    const hand = await database.read(actor, (rows) =>
      rows.one(
        z.object({ n: z.number(), lost: z.number(), records: z.number(), ended: z.number(), flagged: z.number() }),
        sql`with paid as (
              select account_id, sum(delta_minor) filter (where effective_at < '2024-01-01 00:00Z') as before, sum(delta_minor) filter (where effective_at < '2025-01-01 00:00Z') as after
              from mrr_event group by 1)
            select (count(*) filter (where before > 0))::int as n, (count(*) filter (where before > 0 and after = 0))::int as lost,
              (select count(distinct account_id)::int from churn_record where churned_on between '2024-01-01' and '2024-12-31' and not is_reactivation) as records,
              (select count(distinct account_id)::int from subscription where ended_on between '2024-01-01' and '2024-12-31') as ended,
              (select count(*)::int from account where crm_stage = 'churned') as flagged from paid`,
      ),
    );
    const [figure] = found.lines[0].figures;
    expect(figure.of).toEqual({ part: hand.lost, whole: hand.n });
    expect(found.churnSources).toMatchObject([
      { lost: hand.lost, byRecord: hand.records, bySubscription: hand.ended, byCrm: hand.flagged },
    ]);
    expect(new Set([hand.lost, hand.records, hand.flagged]).size).toBe(3);
    expect(words).toContain("logo churn = lost customers / customers at start");
    expect(words).toContain("The sources disagree on who churned");
  });
});
