import { describe, expect, test } from "vitest";
import { chiSquareAbove, logRank } from "#metrics/compare-survival.ts";
import { fitCox } from "#metrics/cox.ts";
import { kaplanMeier, survivalAt } from "#metrics/time-in-stage.ts";
import { REMISSION, TELCO, telcoCustomers } from "../fixtures/worked-figures.ts";

const telco = telcoCustomers();
const durations = ({ ended, open }: { ended: number[]; open: number[] }) => [
  ...ended.map((days) => ({ days, ended: true })),
  ...open.map((days) => ({ days, ended: false })),
];
/** Those who have been there for a month at least, as the published tables count. */
const billed = telco
  .filter(({ months }) => months > 0)
  .map(({ months, left, contract }) => ({ days: months, ended: left, contract }));
const byContract = Map.groupBy(billed, ({ contract }) => contract);

describe("how long Telco customers stay (Kaplan–Meier)", () => {
  const steps = kaplanMeier(billed);
  test.each(TELCO.everybody)("longer than $month months: $survival", ({ month, survival, standardError, atRisk }) => {
    expect(survivalAt(steps, month).survival).toBeCloseTo(survival, 12);
    expect(survivalAt(steps, month).standardError).toBeCloseTo(standardError, 12);
    expect(steps.find(({ days }) => days === month)).toMatchObject({ atRisk });
  });

  test.each(Object.entries(TELCO.byContract))("by contract: %s", (contract, published) => {
    const curve = kaplanMeier(byContract.get(contract)!);
    for (const [month, survival] of Object.entries(published))
      expect(survivalAt(curve, Number(month)).survival, month).toBeCloseTo(survival, 12);
  });
});

describe("do groups leave at one pace (log-rank)", () => {
  test("Telco's contracts do not, and by as much as published", () => {
    const found = logRank(byContract)!;
    expect(found.chiSquare).toBeCloseTo(TELCO.logRankOfContracts, 6);
    expect(found).toMatchObject({ degrees: 2, p: 0 });
    const monthly = found.groups.find(({ group }) => group === "month to month")!;
    expect(monthly.ended).toBeGreaterThan(2 * monthly.expected);
  });

  test("children with leukaemia relapse sooner without the drug, as published", () => {
    const groups = new Map([
      ["treated", durations(REMISSION.treated)],
      ["placebo", durations(REMISSION.placebo)],
    ]);
    const { chiSquare, p, groups: ends } = logRank(groups)!;
    expect(chiSquare).toBeCloseTo(REMISSION.logRank, 2);
    expect(p).toBeLessThan(0.0001);
    const total = (of: "ended" | "expected") => ends.reduce((sum, each) => sum + each[of], 0);
    expect(total("expected")).toBeCloseTo(total("ended"), 10);
  });

  test("two halves of one group differ in nothing", () => {
    const all = durations(REMISSION.placebo);
    expect(
      logRank(
        new Map([
          ["one", all],
          ["other", all],
        ]),
      ),
    ).toMatchObject({ chiSquare: 0, p: 1 });
  });

  test("one group, an empty one beside it, and groups that nobody left have nothing to compare", () => {
    const all = durations(REMISSION.placebo);
    expect(logRank(new Map([["one", all]]))).toBeNull();
    expect(
      logRank(
        new Map([
          ["one", all],
          ["none", []],
        ]),
      ),
    ).toBeNull();
    const stayed = [{ days: 5, ended: false }];
    expect(
      logRank(
        new Map([
          ["one", stayed],
          ["other", stayed],
        ]),
      ),
    ).toBeNull();
  });

  test.each([
    [3.841459, 1, 0.05],
    [5.991465, 2, 0.05],
    [7.814728, 3, 0.05],
    [9.487729, 4, 0.05],
    [20.51501, 5, 0.001],
    [0, 3, 1],
  ])(
    "chi-squared %d with %i degrees of freedom is exceeded with the chance of the tables",
    (value, degrees, chance) => {
      expect(chiSquareAbove(value, degrees)).toBeCloseTo(chance, 6);
    },
  );
});

describe("which traits go with leaving sooner (Cox)", () => {
  const has = (letter: string) => (customer: (typeof telco)[number]) => Number(customer.traits.includes(letter, 3));
  const pays = (letter: string) => (customer: (typeof telco)[number]) => Number(customer.traits[2] === letter);
  const traits = {
    male: has("g"),
    senior: has("s"),
    partner: has("p"),
    dependents: has("d"),
    "multiple lines": has("l"),
    "online security": has("o"),
    "online backup": has("b"),
    "device protection": has("v"),
    "tech support": has("h"),
    "one year": ({ contract }: (typeof telco)[number]) => Number(contract === "one year"),
    "two years": ({ contract }: (typeof telco)[number]) => Number(contract === "two years"),
    "paperless billing": has("e"),
    "electronic check": pays("E"),
    "mailed check": pays("K"),
    card: pays("C"),
    charge: ({ charge }: (typeof telco)[number]) => charge / 10,
  };
  const fit = fitCox(
    telco.map((customer) => ({
      days: customer.months,
      ended: customer.left,
      stratum: `${customer.traits[1]}${[has("f"), has("w"), has("t")].map((of) => of(customer)).join("")}`,
      traits: Object.values(traits).map((of) => of(customer)),
    })),
    Object.keys(traits),
  );

  test("Telco's customers, within strata of what they use: likelihood and concordance as published", () => {
    expect(fit).toMatchObject({ n: TELCO.cox.customers, ended: TELCO.cox.left, settled: true });
    expect(fit.logLikelihood).toBeCloseTo(TELCO.cox.logLikelihood, 2);
    expect(fit.concordance).toBeCloseTo(TELCO.cox.concordance, 2);
  });

  test.each(Object.entries(TELCO.cox.coefficients))("%s: %d", (trait, published) => {
    const { coefficient } = fit.effects.find((effect) => effect.trait === trait)!;
    expect(Math.abs(coefficient - published)).toBeLessThan(0.01);
  });

  test("children without the drug relapse 4.8 times as fast, as in R", () => {
    const children = [
      ...durations(REMISSION.treated).map((each) => ({ ...each, traits: [0] })),
      ...durations(REMISSION.placebo).map((each) => ({ ...each, traits: [1] })),
    ];
    const [placebo] = fitCox(children, ["placebo"]).effects;
    expect(placebo!.coefficient).toBeCloseTo(REMISSION.cox.coefficient, 3);
    expect(placebo!.standardError).toBeCloseTo(REMISSION.cox.standardError, 3);
    expect(placebo!.hazardRatio).toBeCloseTo(Math.exp(REMISSION.cox.coefficient), 2);
  });

  test("another order of the customers changes nothing", () => {
    const children = durations(REMISSION.treated).map((each, at) => ({ ...each, traits: [at % 2] }));
    expect(fitCox([...children].reverse(), ["odd"]).logLikelihood).toBeCloseTo(
      fitCox(children, ["odd"]).logLikelihood,
      10,
    );
  });
});
