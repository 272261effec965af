import { describe, expect, test } from "vitest";
import { alive, chanceOf, expectedFromNow, expectedPurchases, fitBgNbd, logLikelihood } from "#metrics/bg-nbd.ts";
import { arpa, customerLifetimeValue } from "#metrics/clv.ts";
import { sayFigure } from "#metrics/figure.ts";
import { expectedValue, fitGammaGamma } from "#metrics/gamma-gamma.ts";
import { fitParetoNbd, paretoAlive, paretoFromNow } from "#metrics/pareto-nbd.ts";
import { repeatValue } from "#metrics/repeat-value.ts";
import { WORLD } from "../fixtures/worked-figures.ledger.ts";
import { CDNOW_LEAVING, CDNOW_PURCHASES, CDNOW_VALUES, cdnowCustomers } from "../fixtures/worked-figures.ts";

const { params } = CDNOW_PURCHASES;

describe("repeat purchases (BG/NBD)", () => {
  test("the CDNOW customers give the published parameters and likelihood", () => {
    const fit = fitBgNbd(cdnowCustomers());
    expect(fit).toMatchObject({ n: 2_357, settled: true });
    for (const name of ["r", "alpha", "a", "b"] as const)
      expect(Math.abs(fit[name] - params[name]), name).toBeLessThan(0.005);
    expect(Math.abs(fit.logLikelihood - CDNOW_PURCHASES.logLikelihood)).toBeLessThan(0.1);
    expect(logLikelihood(params, cdnowCustomers())).toBeLessThanOrEqual(fit.logLikelihood);
  });

  test("what they are expected to buy is what others have published", () => {
    const fit = fitBgNbd(cdnowCustomers());
    for (const [weeks, purchases] of Object.entries(CDNOW_PURCHASES.expected))
      expect(Math.abs(expectedPurchases(fit, Number(weeks)) - purchases), weeks).toBeLessThan(0.001);
    const { customer, weeks, purchases } = CDNOW_PURCHASES.fromNow;
    expect(Math.abs(expectedFromNow(fit, customer, weeks) - purchases)).toBeLessThan(0.001);
    for (const { weeks: time, purchases: count, chance } of CDNOW_PURCHASES.chances)
      expect(chanceOf(params, count, time) / chance).toBeCloseTo(1, 4);
  });

  test("who never came back may still come; who came often and stopped probably will not", () => {
    expect(alive(params, { repeats: 0, lastAt: 0, age: 1 })).toBe(1);
    const often = (lastAt: number) => alive(params, { repeats: 20, lastAt, age: 38 });
    expect(often(37)).toBeGreaterThan(0.9);
    expect(often(10)).toBeLessThan(0.01);
  });

  test("a customer with a thousand purchases, and a = 1, give numbers", () => {
    expect(expectedFromNow(params, { repeats: 1_000, lastAt: 38.5, age: 38.5 }, 10)).toBeGreaterThan(100);
    const near = (a: number) => expectedPurchases({ ...params, a }, 39);
    expect(near(1)).toBeCloseTo((near(0.999) + near(1.001)) / 2, 4);
  });
});

describe("repeat purchases where customers leave at any moment (Pareto/NBD)", () => {
  test("the CDNOW customers give the published parameters and likelihood", () => {
    const fit = fitParetoNbd(cdnowCustomers());
    expect(fit).toMatchObject({ n: 2_357, settled: true });
    for (const name of ["r", "alpha", "s", "beta"] as const)
      expect(Math.abs(fit[name] - CDNOW_LEAVING.params[name]), name).toBeLessThan(0.02);
    expect(Math.abs(fit.logLikelihood - CDNOW_LEAVING.logLikelihood)).toBeLessThan(0.1);
  });

  test("a known customer is expected to buy what others have published", () => {
    const { customer, weeks, purchases } = CDNOW_LEAVING.fromNow;
    expect(Math.abs(paretoFromNow(CDNOW_LEAVING.params, customer, weeks) - purchases)).toBeLessThan(0.005);
  });

  test("unlike BG/NBD it doubts a customer who never came back, the more the longer it is ago", () => {
    const once = (age: number) => paretoAlive(CDNOW_LEAVING.params, { repeats: 0, lastAt: 0, age });
    expect(once(0)).toBe(1);
    expect(once(10)).toBeLessThan(0.9);
    expect(once(40)).toBeLessThan(once(10));
  });

  test("equal scales of buying and leaving, and s = 1, give numbers beside their neighbours", () => {
    const { customer, weeks } = CDNOW_LEAVING.fromNow;
    const near = (change: object) => paretoFromNow({ ...CDNOW_LEAVING.params, ...change }, customer, weeks);
    expect(near({ alpha: 11.669 })).toBeCloseTo((near({ alpha: 11.668 }) + near({ alpha: 11.67 })) / 2, 5);
    expect(near({ s: 1 })).toBeCloseTo((near({ s: 0.9999 }) + near({ s: 1.0001 })) / 2, 5);
  });
});

describe("value of a purchase (gamma-gamma)", () => {
  const { p, q, v } = CDNOW_VALUES.params;

  test("the CDNOW customers give the published parameters", () => {
    const fit = fitGammaGamma(cdnowCustomers());
    expect(fit).toMatchObject({ n: 946, settled: true });
    expect(Math.abs(fit.p - p)).toBeLessThan(0.02);
    expect(Math.abs(fit.q - q)).toBeLessThan(0.02);
    expect(Math.abs(fit.v / 100 - v)).toBeLessThan(0.02);
  });

  test.each(CDNOW_VALUES.expected)(
    "$repeats purchases of $mean on average: $value next time",
    ({ repeats, mean, value }) => {
      const expected = expectedValue({ p, q, v: v * 100 }, { repeats, meanMinor: mean * 100 });
      expect(Math.abs(expected / 100 - value)).toBeLessThan(0.1);
    },
  );
});

describe("what repeat customers are worth", () => {
  const asOf = "2026-11-22";
  const dayAt = (weeks: number) => new Date(Date.parse(asOf) - weeks * 7 * 86_400_000).toISOString().slice(0, 10);
  const bought = cdnowCustomers().map(({ repeats, lastAt, age, meanMinor }, id) => ({
    id,
    name: `customer ${id}`,
    purchases: [
      { day: dayAt(age), minor: 99_999 },
      ...Array.from({ length: repeats }, (_, at) => ({
        day: dayAt(age - (lastAt * (at + 1)) / repeats),
        minor: meanMinor,
      })),
    ],
  }));

  test("the CDNOW customers are told by the likelier model, and one by one as its formulas say", () => {
    const found = repeatValue(bought, { asOf, weeks: 39, margin: 0.5 })!;
    expect(found).toMatchObject({ model: "BG/NBD", cameBack: 946 });
    expect(Math.abs(found.purchases.logLikelihood - CDNOW_PURCHASES.logLikelihood)).toBeLessThan(0.1);
    expect(Math.abs(found.correlation)).toBeLessThan(0.2);
    const { repeats, lastAt, age } = CDNOW_PURCHASES.fromNow.customer;
    const one = cdnowCustomers().findIndex(
      (each) => each.repeats === repeats && Math.abs(each.lastAt - lastAt) < 0.01 && Math.abs(each.age - age) < 0.01,
    );
    const told = found.customers.find(({ id }) => id === one)!;
    expect(told.expected).toBeCloseTo(CDNOW_PURCHASES.fromNow.purchases, 2);
    expect(Math.abs(told.valueMinor - 0.5 * 1.226 * 24_65)).toBeLessThan(15);
    expect(found.valueMinor).toBe(found.customers.reduce((sum, { valueMinor }) => sum + valueMinor, 0));
  });

  test("fewer than thirty who came back are too few to say", () => {
    const few = bought.filter(({ purchases }) => purchases.length > 1).slice(0, 29);
    expect(repeatValue(few, { asOf, weeks: 52, margin: 1 })).toBeNull();
  });
});

describe("CLV of subscriptions", () => {
  const business = { mrrMinor: 4_000_00, customers: 40, currency: "USD", monthlyChurn: 0.02 };

  test("is ARPA times margin over monthly churn, and names the margin", () => {
    expect(sayFigure(arpa(business, WORLD))).toBe("$100.00");
    expect(sayFigure(customerLifetimeValue(business, WORLD))).toBe("$5,000.00");
    expect(customerLifetimeValue({ ...business, margin: 0.8 }, WORLD)).toMatchObject({
      value: 4_000_00,
      definition: { margin: 0.8 },
    });
  });

  test.each([
    [{ customers: 29 }, "fewer than 30 customers"],
    [{ monthlyChurn: 0 }, "nobody churned"],
    [{ monthlyChurn: null }, "not known"],
  ])("is hidden at %o, with the reason", (change, reason) => {
    const { value, because } = customerLifetimeValue({ ...business, ...change }, WORLD);
    expect(value).toBeNull();
    expect(because).toContain(reason);
  });
});
