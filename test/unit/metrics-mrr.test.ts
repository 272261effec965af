import { describe, expect, test } from "vitest";
import { Exchange } from "#metrics/exchange.ts";
import { endingOn, monthlyMinor, mrrOf, type PriceItem } from "#metrics/mrr.ts";
import { intervalStart, momentsOf, trendOf, windowOf, windowsBefore } from "#metrics/weeks.ts";
import { MONTHLY_PRICES } from "../fixtures/worked-figures.ts";

test.each(MONTHLY_PRICES)("$amountMinor per $every $interval is $monthly a month", ({ monthly, ...price }) => {
  expect(monthlyMinor(price)).toBe(monthly);
});

describe("what counts as MRR", () => {
  const plan: PriceItem = { kind: "recurring", amountMinor: 100_00, interval: "month" };

  test("active and past-due subscriptions count; trials, pauses and ended ones do not", () => {
    const of = (status: "active" | "past_due" | "trialing" | "paused" | "ended") => mrrOf({ status, items: [plan] });
    expect([of("active"), of("past_due"), of("trialing"), of("paused"), of("ended")]).toEqual([
      100_00, 100_00, 0, 0, 0,
    ]);
  });

  test("taxes, one-off and metered charges stay out", () => {
    const others = (["tax", "one_off", "metered"] as const).map((kind): PriceItem => ({ ...plan, kind }));
    expect(mrrOf({ status: "active", items: [plan, ...others] })).toBe(100_00);
  });

  test("a discount for ever lowers MRR, a discount for a time only where that is wanted", () => {
    const discounts = [
      { amountMinor: 10_00, forever: true },
      { amountMinor: 30_00, forever: false },
    ];
    const subscription = { status: "active" as const, items: [{ ...plan, discounts }] };
    expect(mrrOf(subscription)).toBe(90_00);
    expect(mrrOf(subscription, { discounts: "all" })).toBe(60_00);
  });
});

describe("the end of a subscription", () => {
  const ending = { cancelledOn: "2026-03-02", cancelOn: "2026-03-31", endedOn: null, involuntary: false };

  test("churn is on the day the paid term ends, not on the day of the click", () => {
    expect(endingOn(ending, "2026-03-01")).toEqual({ state: "running" });
    expect(endingOn(ending, "2026-03-15")).toEqual({ state: "cancelled, not yet churned", on: "2026-03-31" });
    expect(endingOn(ending, "2026-03-31")).toEqual({ state: "churned", on: "2026-03-31", reason: "voluntary" });
  });

  test("where dunning ends it, it is involuntary", () => {
    const unpaid = { cancelledOn: null, cancelOn: null, endedOn: "2026-04-10", involuntary: true };
    expect(endingOn(unpaid, "2026-04-10")).toMatchObject({ state: "churned", reason: "involuntary" });
  });
});

describe("exchange", () => {
  const rates = new Exchange("USD", [
    { currency: "EUR", day: "2026-03-06", rate: 1.1 },
    { currency: "EUR", day: "2026-03-05", rate: 1.05 },
    { currency: "JPY", day: "2026-03-06", rate: 0.0067 },
  ]);

  test("the stored rate of the day is used, at a weekend the last one before", () => {
    expect(rates.convert(100_00, "EUR", "2026-03-05")).toEqual({ minor: 105_00, rate: 1.05, rateOn: "2026-03-05" });
    expect(rates.convert(100_00, "EUR", "2026-03-08")).toEqual({ minor: 110_00, rate: 1.1, rateOn: "2026-03-06" });
    expect(rates.convert(100_00, "USD", "1999-01-01")).toMatchObject({ minor: 100_00 });
  });

  test("currencies without cents are converted into cents, and up and down are the same amount", () => {
    expect(rates.convert(10_000, "JPY", "2026-03-06")).toMatchObject({ minor: 67_00 });
    const up = rates.convert(5_05, "EUR", "2026-03-06").minor ?? Number.NaN;
    expect(rates.convert(-5_05, "EUR", "2026-03-06").minor).toBe(-up);
  });

  test.each([
    ["EUR", "2026-03-04"],
    ["EUR", "2026-03-14"],
    ["GBP", "2026-03-06"],
  ])("a missing rate from %s for %s is said, not guessed", (currency, day) => {
    expect(rates.convert(1, currency, day)).toEqual({
      minor: null,
      because: `no rate from ${currency} to USD for ${day}`,
    });
  });
});

describe("windows", () => {
  test("a week starts on Monday unless another day is set", () => {
    expect(intervalStart("2026-03-08", "week")).toBe("2026-03-02");
    expect(intervalStart("2026-03-08", "week", 7)).toBe("2026-03-08");
    expect(windowOf("2026-05-31", "quarter")).toEqual({ start: "2026-04-01", end: "2026-07-01" });
  });

  test("the week in which the clock goes forward has an hour less", () => {
    const { from, to } = momentsOf({ start: "2026-03-23", end: "2026-03-30" }, "Europe/Berlin");
    expect((to - from) / 3_600_000).toBe(7 * 24 - 1);
  });

  test("the windows before one come oldest first and meet without a gap", () => {
    const before = windowsBefore({ start: "2026-03-01", end: "2026-04-01" }, "month", 3);
    expect(before.map(({ start }) => start)).toEqual(["2025-12-01", "2026-01-01", "2026-02-01"]);
    expect(before.map(({ end }) => end)).toEqual(["2026-01-01", "2026-02-01", "2026-03-01"]);
  });

  test("a trend compares with the window before and with the mean of those that are known", () => {
    expect(trendOf([null, 10, 20, 27])).toEqual({ value: 27, change: 7, mean: 15, windows: 2 });
    expect(trendOf([null, 5])).toEqual({ value: 5, change: null, mean: null, windows: 0 });
  });
});
