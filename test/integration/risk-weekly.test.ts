import { expect, test } from "vitest";
import { riskAttempts } from "#accounts/risk-models.ts";
import { sql } from "#database/sql.ts";
import { createWriter } from "#intake/write.ts";
import { fitWeekly, sayLastAttempt } from "#reports/risk/weekly.ts";
import { freshWorkspace } from "../fixtures/database.ts";

test("the weights of churn risk are fitted again when a week has passed, and it is said what came of it", async () => {
  const { database, actor } = await freshWorkspace();
  const today = "2026-11-22";
  await createWriter({ database, actor, source: "billing", today, syncedAt: `${today}T06:00:00Z` }).write([
    { kind: "account", record: { id: "a", name: "Acme", createdOn: "2026-01-01" } },
    {
      kind: "subscription",
      record: { id: "s", account: "a", mrrMinor: 10_000, currency: "USD", startedOn: "2026-01-05" },
    },
  ]);
  const asked = (now: string, signal = new AbortController().signal) =>
    fitWeekly({ database, actor, today, now, signal, months: 7 });
  const first = await asked("2026-11-22T03:00:00Z");
  expect(first).toMatchObject({ version: 1, accepted: false });
  expect(sayLastAttempt(first!)).toMatch(/attempt 1\), and not taken: .+\./);
  const later = (days: number) => new Date(Date.parse(first!.madeAt) + days * 86_400_000).toISOString();
  expect(await asked(later(6))).toBeNull();
  // After a week it begins, and ends when it is told to, with nothing kept.
  await expect(asked(later(7), AbortSignal.abort(new Error("stopped")))).rejects.toThrow("stopped");
  expect(await database.read(actor, (rows) => riskAttempts(rows, 5))).toHaveLength(1);
  await database.write(actor, (rows) => rows.run(sql`delete from risk_model`));
});
