import fc from "fast-check";
import { expect, test } from "vitest";
import { churnFigures, windowSums } from "#metrics/churn.ts";
import { type LedgerRow, standingsAt, sum, worth } from "#metrics/ledger.ts";
import { mrrMovements } from "#metrics/mrr-movements.ts";
import { rollForward } from "#metrics/roll-forward.ts";
import { dayWhenEnded, kaplanMeier } from "#metrics/time-in-stage.ts";
import { dayBegins } from "#metrics/weeks.ts";
import { WORLD } from "../fixtures/worked-figures.ledger.ts";

const window = { start: "2026-02-02", end: "2026-02-09" };
const RATES: Record<string, number[]> = { USD: [1], EUR: [1.05, 1.1, 1.17], JPY: [0.006_7, 0.006_4] };

/** What a customer pays after each step: never below 0, often 0, in one currency or another. */
const step = fc.record({
  hour: fc.integer({ min: 0, max: 24 * 28 }),
  level: fc.oneof(
    fc.constant(0),
    fc.integer({ min: 1, max: 500 }).map((level) => level * 1_000),
  ),
  rate: fc.nat({ max: 2 }),
});
const subscription = fc.record({
  currency: fc.constantFrom("USD", "USD", "EUR", "JPY"),
  steps: fc.array(step, { maxLength: 5 }),
});
const customer = fc.array(subscription, { minLength: 1, maxLength: 2 });

/** Rows late, double and in any order. */
const anyLedger: fc.Arbitrary<LedgerRow[]> = fc
  .array(customer, { minLength: 1, maxLength: 8 })
  .map((customers) => customers.flatMap(rowsOf))
  .chain((rows) =>
    fc
      .tuple(fc.shuffledSubarray(rows, { minLength: rows.length }), fc.subarray(rows))
      .map(([shuffled, twice]) => [...shuffled, ...twice]),
  );

type Paid = { currency: string; steps: { hour: number; level: number; rate: number }[] };

const rowsOf = (subscriptions: Paid[], at: number): LedgerRow[] =>
  subscriptions.flatMap(({ currency, steps }, which) => {
    let level = 0;
    const ordered = [...steps].sort((a, b) => a.hour - b.hour);
    return ordered.map((each, place) => {
      const deltaMinor = each.level - level;
      level = each.level;
      const rate = RATES[currency]![each.rate % RATES[currency]!.length]!;
      return {
        row: `mrr_event:${at}-${which}-${place}`,
        accountId: at + 1,
        at: new Date(dayBegins("2026-01-20", "UTC") + each.hour * 3_600_000).toISOString(),
        deltaMinor,
        currency,
        baseDeltaMinor: Math.round(deltaMinor * rate),
      };
    });
  });

const options = fc.record({
  mode: fc.constantFrom("net" as const, "gross" as const),
  flash: fc.constantFrom("apart" as const, "include" as const),
});
const asked = { window, zone: "Europe/Berlin", base: "USD" };

test("whatever the ledger, start + movements + exchange rates = end, and the ends are the ledger's", () => {
  fc.assert(
    fc.property(anyLedger, options, (rows, how) => {
      const line = rollForward(mrrMovements({ ...asked, ...how, rows }));
      expect(line).toMatchObject({ differenceMinor: 0, wrong: null });
      const at = (day: string) =>
        sum([...standingsAt(rows, dayBegins(day, asked.zone), asked.zone).values()].map(worth));
      expect([line.openingMinor, line.closingMinor]).toEqual([at(window.start), at(window.end)]);
    }),
    { numRuns: 300 },
  );
});

test("where rates do not move, nothing is put down to them but the rounding of each row", () => {
  fc.assert(
    fc.property(anyLedger, options, (rows, how) => {
      const steady = rows.map((row) => ({
        ...row,
        baseDeltaMinor: Math.round(row.deltaMinor * RATES[row.currency]![0]!),
      }));
      const found = mrrMovements({ ...asked, ...how, rows: steady });
      for (const { amountMinor } of found.fx) expect(Math.abs(amountMinor)).toBeLessThanOrEqual(found.rows);
      const ours = steady.filter(({ currency }) => currency === "USD");
      const known = new Map(ours.filter(({ at }) => at < "2026-02-08T23:00").map((row) => [row.row, row.deltaMinor]));
      const plain = mrrMovements({ ...asked, ...how, rows: ours });
      expect(plain).toMatchObject({ fx: [], closingMinor: sum([...known.values()]) });
    }),
    { numRuns: 150 },
  );
});

test("in a net report a customer has one movement or none, of the sign of its kind, unless it came and went", () => {
  fc.assert(
    fc.property(anyLedger, (rows) => {
      const { movements, flash, customers } = mrrMovements({ ...asked, rows });
      const ids = [...movements, ...flash].map(({ accountId }) => accountId);
      expect(new Set(ids).size).toBe(ids.length);
      for (const { kind, amountMinor, accountId } of movements) {
        const { startMinor, endMinor } = customers.find((each) => each.accountId === accountId)!;
        expect(Math.sign(amountMinor)).toBe(["contraction", "churn"].includes(kind) ? -1 : 1);
        expect(startMinor > 0).toBe(!["new", "reactivation"].includes(kind));
        expect(endMinor > 0).toBe(kind !== "churn");
      }
    }),
    { numRuns: 300 },
  );
});

test("GRR stays between 0 and 100 %, never above NRR, and is what gross churn leaves", () => {
  fc.assert(
    fc.property(anyLedger, (rows) => {
      const found = churnFigures(windowSums(mrrMovements({ ...asked, rows })), WORLD);
      const { value } = found.grr;
      expect(value === null).toBe(found.grr.because === "MRR at the start is 0");
      if (value === null) return;
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(1);
      expect(value).toBeLessThanOrEqual(found.nrr.value! + 1e-12);
      expect(value).toBeCloseTo(1 - found.grossMrrChurn.value!, 9);
      expect(found.retentionRate.value! + found.logoChurn.value!).toBeCloseTo(1);
    }),
    { numRuns: 300 },
  );
});

test("the order of rows, and rows that come twice, change nothing", () => {
  fc.assert(
    fc.property(anyLedger, options, (rows, how) => {
      const once = [...new Map(rows.map((row) => [row.row, row])).values()].sort((a, b) => (a.row < b.row ? -1 : 1));
      expect(mrrMovements({ ...asked, ...how, rows })).toEqual(mrrMovements({ ...asked, ...how, rows: once }));
    }),
    { numRuns: 200 },
  );
});

test("a report from the balances of the start is the report from the whole ledger", () => {
  fc.assert(
    fc.property(anyLedger, options, (rows, how) => {
      const before = standingsAt(rows, dayBegins(window.start, asked.zone), asked.zone);
      const later = rows.filter(({ at }) => Date.parse(at) >= dayBegins(window.start, asked.zone));
      expect(mrrMovements({ ...asked, ...how, rows: later, before })).toEqual(mrrMovements({ ...asked, ...how, rows }));
    }),
    { numRuns: 100 },
  );
});

test("each week begins where the one before ended, and the last one ends where all of them together do", () => {
  fc.assert(
    fc.property(anyLedger, (rows) => {
      const weeks = ["2026-01-19", "2026-01-26", "2026-02-02", "2026-02-09", "2026-02-16"];
      const ends = weeks
        .slice(0, -1)
        .map((start, at) => mrrMovements({ ...asked, rows, window: { start, end: weeks[at + 1]! } }));
      ends.slice(1).forEach((found, at) => void expect(found.openingMinor).toBe(ends[at]!.closingMinor));
      const month = mrrMovements({ ...asked, rows, window: { start: weeks[0]!, end: weeks.at(-1)! } });
      expect(ends.at(-1)!.closingMinor).toBe(month.closingMinor);
    }),
    { numRuns: 60 },
  );
});

test("survival only falls, its error is a number, and open ones never bring an end", () => {
  const duration = fc.record({ days: fc.nat({ max: 60 }), ended: fc.boolean() });
  fc.assert(
    fc.property(fc.array(duration, { maxLength: 40 }), (durations) => {
      const steps = kaplanMeier(durations);
      let last = 1;
      for (const { survival, standardError, ended } of steps) {
        expect(survival).toBeLessThan(last);
        expect(survival).toBeGreaterThanOrEqual(0);
        expect(Number.isFinite(standardError)).toBe(true);
        expect(ended).toBeGreaterThan(0);
        last = survival;
      }
      const [half, most] = [dayWhenEnded(steps, 0.5), dayWhenEnded(steps, 0.9)];
      if (half !== null && most !== null) expect(half).toBeLessThanOrEqual(most);
      expect(sum(steps.map(({ ended }) => ended))).toBe(durations.filter(({ ended }) => ended).length);
    }),
    { numRuns: 300 },
  );
});
