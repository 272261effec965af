import { beforeAll, expect, test } from "vitest";
import { sql } from "#database/sql.ts";
import { callTool, madeCompany } from "../fixtures/figures.ts";

// A shop: 60 customers of three kinds, with one-off invoices. Who buys monthly, who stopped, who came once.
let context: Awaited<ReturnType<typeof madeCompany>>["context"];
beforeAll(async () => {
  const made = await madeCompany();
  context = made.context;
  const invoices: { name: string; day: string; minor: number; currency: string; status: string }[] = [];
  const day = (weeks: number) => new Date(Date.parse("2026-11-22") - weeks * 7 * 86_400_000).toISOString().slice(0, 10);
  for (let at = 0; at < 60; at += 1) {
    const name = ["Monthly", "Stopped", "Once"][at % 3]! + at;
    const began = 60 + (at % 7);
    const weeks =
      at % 3 === 2 ? [began] : Array.from({ length: 6 + (at % 5) }, (_, n) => began - n * (at % 3 === 0 ? 6 : 3));
    for (const week of weeks)
      invoices.push({ name, day: day(week), minor: 20_00 + at * 100, currency: "USD", status: "paid" });
  }
  invoices.push({ name: "Monthly0", day: day(1), minor: 5_00, currency: "CHF", status: "paid" });
  invoices.push({ name: "Monthly0", day: day(1), minor: 99_999_00, currency: "USD", status: "open" });
  const workspace = context.actor.workspaceId;
  await context.database.write(context.actor, async (rows) => {
    await rows.run(sql`insert into account (workspace_id, name, name_norm, created_on)
      select distinct ${workspace}::int, name, lower(name), date '2020-01-01' from jsonb_to_recordset(${JSON.stringify(invoices)}::jsonb) as i (name text)`);
    await rows.run(sql`insert into invoice (workspace_id, account_id, status, due_minor, paid_minor, currency, issued_on)
      select ${workspace}, account_id, i.status, minor, minor, i.currency, day
      from jsonb_to_recordset(${JSON.stringify(invoices)}::jsonb) as i (name text, day date, minor bigint, currency text, status text)
      join account a using (name) where a.workspace_id = ${workspace}`);
  });
});

test("who buys every few weeks is worth most, who stopped long ago little", async () => {
  const { found, words } = await callTool(context, "repeat_value", { limit: 50 });
  expect(found).toMatchObject({ customers: 60, withoutRate: 1 });
  expect(found.value.cameBack).toBe(40);
  const chances = (kind: string): number[] =>
    found.value.customers
      .filter(({ name }: { name: string }) => name.startsWith(kind))
      .map((each: { alive: number }) => each.alive);
  expect(Math.min(...chances("Monthly"))).toBeGreaterThan(Math.max(...chances("Stopped")));
  expect(found.value.customers[0].name).toMatch(/^Monthly/);
  expect(words).toMatch(
    /Repeat customers, 52 weeks ahead\*\*: \$[\d,]+\.\d\d expected from 60 customers, of whom 40 have come back/,
  );
  expect(words).toContain("1 purchase left out: there is no exchange rate of the day.");
  expect(words).toMatch(/NBD and gamma-gamma, fitted to \d+ purchases \(paid invoices outside of subscriptions/);
});

test("a company that lives on subscriptions reads why there is no such figure, and where to look", async () => {
  const { context: other } = await madeCompany();
  const { found, words } = await callTool(other, "repeat_value", {});
  expect(found.value).toBeNull();
  expect(words).toBe(
    "No paid invoice stands outside of a subscription; 30 who came back are needed to say what repeat customers are worth. For subscriptions ask for CLV.",
  );
});
