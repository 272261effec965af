import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { sql } from "#database/sql.ts";
import { callTool } from "../fixtures/figures.ts";
import { type Sample, sampleCompanyHouse } from "../fixtures/sample.ts";

let sample: Sample;
beforeAll(async () => {
  sample = await sampleCompanyHouse();
});

const call = (input: unknown) => callTool(sample.context, "leaving_pace", input);

const life = z.object({ group: z.string(), customers: z.number(), left: z.number(), half: z.number() });

/** Customers, those who left and those who left within half a year, from the ledger and without the project's own metrics. */
const byHand = () =>
  sample.database.read(sample.context.actor, (rows) =>
    rows.many(
      life,
      sql`with paid as (
            select account_id, (effective_at at time zone 'America/New_York')::date as day,
              sum(delta_minor) over (partition by account_id order by effective_at, mrr_event_id) as after
            from mrr_event where effective_at < '2026-11-16'::timestamp at time zone 'America/New_York'),
          closing as (select distinct on (account_id, date_trunc('week', day)) account_id, date_trunc('week', day)::date as week, after
            from paid order by account_id, date_trunc('week', day), day desc, after),
          first_paid as (select account_id, min(week) as began from closing where after > 0 group by 1),
          lives as (select f.account_id, began, (select min(c.week) from closing c where c.account_id = f.account_id and c.after = 0
            and c.week > began) as ended from first_paid f)
          select segment as "group", count(*)::int as customers, count(ended)::int as left,
            count(*) filter (where ended - began <= 26 * 7)::int as half
          from lives join account using (account_id) where segment is not null group by 1 order by 2 desc, 1`,
    ),
  );

test("customers, and how many of them left, are those of the ledger, the largest group first", async () => {
  const { found } = await call({ group_by: "segment" });
  const told = found.pace.groups.map(({ group, customers, left }: Record<string, unknown>) => ({
    group,
    customers,
    left,
  }));
  const hand = await byHand();
  expect(told).toEqual(hand.map(({ half: _, ...rest }) => rest));
  expect(hand.length).toBeGreaterThan(2);
});

test("the share that still pays lies between counting everybody and counting only those who were there so long", async () => {
  const { found } = await call({ group_by: "segment" });
  const hand = await byHand();
  for (const { group, staying } of found.pace.groups) {
    const { customers, half } = hand.find((each) => each.group === group)!;
    const share = staying.find(({ months }: { months: number }) => months === 6).figure.value;
    expect(share).toBeLessThanOrEqual(1 - half / customers);
    expect(share).toBeGreaterThan(0.3);
  }
});

test("people read whether the groups differ, how fast they leave, and what it was worked out from", async () => {
  const { words } = await call({ group_by: "plan" });
  expect(words).toMatch(/How long customers stay, by plan/);
  expect(words).toMatch(/by chance in .* \(log-rank, \d+ groups\)/);
  expect(words).toMatch(/customers, \d+ left; still paying after 3 months \d+\.\d%/);
  expect(words).toMatch(
    /Definition: from the first paid week to the first churn.*Kaplan–Meier.*\d+ customers, of whom \d+ left/,
  );
});

test("a filter narrows whom it is about, and a name nobody knows is asked back", async () => {
  const [all, some] = [await call({ group_by: "plan" }), await call({ group_by: "plan", filters: { team: ["EMEA"] } })];
  expect(some.found.pace.customers).toBeLessThan(all.found.pace.customers);
  expect(some.found.pace.customers).toBeGreaterThan(0);
  await expect(call({ filters: { segment: ["nowhere"] } })).rejects.toThrow("There is no segment “nowhere” here");
});
