import { expect, test } from "vitest";
import { sql } from "#database/sql.ts";
import { createLog } from "#log.ts";
import { compare, scheduleEverywhere } from "../../scripts/slots/company.ts";
import { lookForSlots } from "../../src/jobs.ts";
import { freshWorkspace } from "../fixtures/database.ts";

const HOUR = 3_600_000;

test("through the weeks in which six zones put their clocks forward, three lookers hand each slot on once", async () => {
  const { database, actor } = await freshWorkspace();
  const [from, to] = ["2026-03-06T00:00:00.000Z", "2026-04-07T00:00:00.000Z"];
  const made = await scheduleEverywhere(database, actor, from);
  try {
    for (let now = Date.parse(from); now < Date.parse(to); ) {
      now = Math.min(now + 5 * HOUR, Date.parse(to));
      const at = [now, now - 60_000, now].map((each) => new Date(each).toISOString());
      await Promise.all(at.map((each) => lookForSlots(database, createLog("silent"), { now: each })));
    }
    const outcome = await compare(database, actor, made, { from, to });
    expect(outcome).toMatchObject({ missing: [], unwanted: [], notOnce: [], skipped: 0 });
    expect(outcome.slots).toBeGreaterThan(made.length);
  } finally {
    await database.write(actor, async (rows) => {
      for (const table of [sql`inbox`, sql`schedule_run`, sql`schedule`]) await rows.run(sql`delete from ${table}`);
    });
  }
});
