import { z } from "zod";
import { type Ending, endings, type FigureRow, ledgerBefore } from "#accounts/figures.ts";
import { type DescribedAccount, describedAccounts } from "#accounts/figures-accounts.ts";
import { lapsesOf } from "#accounts/funnel-lapses.ts";
import { labelRows, type RowLabel } from "#accounts/row-labels.ts";
import { daysBetween } from "#lifecycle/days.ts";
import type { Scope } from "#metrics/figure.ts";
import { formatChange } from "#money.ts";
import { defineTool, type ToolContext } from "./define-tool.ts";
import {
  accountsMeant,
  dayIn,
  figureFilters,
  scopeOf,
  type WindowAsked,
  windowAsked,
  windowInput,
} from "./figure-input.ts";
import { scopeWords } from "./figure-words.ts";
import { KeptOut, REASONS } from "./in-channel.ts";
import { isCode, plainMovement } from "./why-mrr.ts";
import { counted, rowsLine } from "./words.ts";

const USUAL_DAYS = 180; // two quarters: later than that a price is hardly what people leave for

const priceInput = z.object({
  window: windowInput.default("last 24 months").describe("when they churned"),
  within_days: z.number().int().min(1).max(730).default(USUAL_DAYS).describe("days between the increase and the churn"),
  filters: figureFilters.default({}),
});
type PriceAsked = z.output<typeof priceInput>;

/** Somebody who left some time after paying more. Money in base minor units. */
export interface ChurnedAfter {
  id: number;
  name: string;
  owner: string | null;
  raisedOn: string;
  raisedMinor: number;
  churnedOn: string;
  daysAfter: number;
  reason: string | null;
  rows: RowLabel[];
}

export interface PriceFinding {
  asked: WindowAsked;
  scope: Scope;
  currency: string;
  withinDays: number;
  /** What counted as an increase: rows that the ledger calls one; where there are none, every rise of MRR. */
  basis: "named a price increase" | "any rise of MRR";
  /** Of the accounts with an increase: how many churned in the window and time; of all others that paid, how many in the window. */
  raised: { customers: number; churned: number };
  others: { customers: number; churned: number };
  accounts: ChurnedAfter[];
  /** Who gave the price as a reason for leaving in the window, whenever it was raised. */
  gavePrice: { id: number; name: string; on: string; reason: string; rows: RowLabel[] }[];
}

export const afterPriceIncreaseTool = defineTool({
  name: "churned_after_price_increase",
  title: "Churned after a price increase",
  description:
    "Accounts that churned some time after their price was raised, beside how many of the others churned, and those that gave the price as their reason. Use for “who churned after a price increase?”.",
  effect: "reads",
  input: priceInput,
  run: (input, context) => findChurned(input, context),
  say: sayChurned,
  inChannel: (found) => {
    const kept = new KeptOut();
    const accounts = found.accounts.map((each) => plainMovement(each, kept));
    const gavePrice = found.gavePrice.map((each) =>
      isCode(each.reason) ? each : { ...each, reason: kept.of(each.reason, "price", REASONS) },
    );
    return { finding: { ...found, accounts, gavePrice }, keptOut: kept.words };
  },
});

const NAMED = /price (?:increase|rise|raise|change|adjustment|uplift)|uplift|indexation|repric/i;
const PRICE = /pric|expensive|cost|budget/i;

function findChurned(input: PriceAsked, context: ToolContext): Promise<PriceFinding> {
  const asked = windowAsked(input.window, context.today);
  return context.database.read(context.actor, async (rows): Promise<PriceFinding> => {
    const { asked: accounts, filter } = await accountsMeant(rows, input.filters, context);
    const ledger = await ledgerBefore(rows, accounts, { before: asked.window.end, zone: context.zone });
    const names = await describedAccounts(rows, accounts);
    const ends = (await endings(rows, accounts)).filter(({ on }) => on >= asked.window.start && on < asked.window.end);
    const { basis, rises } = risesOf(ledger.map((row) => ({ ...row, at: dayIn(row.at, context.zone) })));
    const left = leftInside(ledger, asked, context.zone);
    const after = [...left].flatMap(([id, on]) =>
      afterRise({ id, on, rises, ends, names, withinDays: input.within_days }),
    );
    const gave = ends.filter(({ reason, accountId }) => PRICE.test(reason ?? "") && left.has(accountId));
    const labels = await labelRows(rows, [...after.flatMap(({ refs }) => refs), ...gave.map(({ row }) => row)]);
    const labelled = (refs: string[]) => refs.flatMap((ref) => labels.get(ref) ?? []);
    const paid = new Set(ledger.filter(({ deltaMinor }) => deltaMinor > 0).map(({ accountId }) => accountId));
    const raised = new Set(rises.map(({ accountId }) => accountId));
    return {
      asked,
      scope: scopeOf(asked.window, context, filter),
      currency: context.baseCurrency,
      withinDays: input.within_days,
      basis,
      raised: { customers: raised.size, churned: after.length },
      others: {
        customers: [...paid].filter((id) => !raised.has(id)).length,
        churned: [...left.keys()].filter((id) => !raised.has(id)).length,
      },
      accounts: after
        .map(({ refs, ...each }) => ({ ...each, rows: labelled(refs) }))
        .sort((a, b) =>
          a.churnedOn < b.churnedOn ? 1 : a.churnedOn > b.churnedOn ? -1 : a.name.localeCompare(b.name, "en"),
        ),
      gavePrice: onePerAccount(gave).map(({ accountId, on, reason, row }) => ({
        id: accountId,
        name: names.get(accountId)?.name ?? `account ${accountId}`,
        on,
        reason: reason ?? "",
        rows: labelled([row]),
      })),
    };
  });
}

const onePerAccount = (ends: readonly Ending[]): Ending[] => [
  ...new Map(ends.toReversed().map((end) => [end.accountId, end])).values(),
];

/** Rows that are called a price increase; without any, every rise on top of what an account paid. */
function risesOf(ledger: readonly FigureRow[]): { basis: PriceFinding["basis"]; rises: FigureRow[] } {
  const named = ledger.filter(({ deltaMinor, reason }) => deltaMinor > 0 && NAMED.test(reason ?? ""));
  if (named.length > 0) return { basis: "named a price increase", rises: named };
  const balances = new Map<number, number>();
  const rises = ledger.filter((row) => {
    const before = balances.get(row.accountId) ?? 0;
    balances.set(row.accountId, before + row.deltaMinor);
    return row.deltaMinor > 0 && before > 0;
  });
  return { basis: "any rise of MRR", rises };
}

/** Who left in the window and did not come back in it, with the day. */
function leftInside(ledger: readonly FigureRow[], { window }: WindowAsked, zone: string): Map<number, string> {
  const last = [...lapsesOf(ledger, zone)].flatMap(([id, lapses]) =>
    lapses.slice(-1).map(({ from, to }) => ({ id, from, to })),
  );
  return new Map(
    last
      .filter(({ from, to }) => to === null && from >= window.start && from < window.end)
      .map(({ id, from }) => [id, from]),
  );
}

interface Left {
  id: number;
  on: string;
  rises: readonly FigureRow[];
  ends: readonly Ending[];
  names: Map<number, DescribedAccount>;
  withinDays: number;
}

function afterRise({
  id,
  on,
  rises,
  ends,
  names,
  withinDays,
}: Left): (Omit<ChurnedAfter, "rows"> & { refs: string[] })[] {
  const rise = rises.findLast(({ accountId, at }) => accountId === id && at <= on);
  if (!rise) return [];
  const raisedOn = rise.at;
  const daysAfter = daysBetween(raisedOn, on);
  if (daysAfter > withinDays) return [];
  const end = ends.find(({ accountId }) => accountId === id);
  const account = names.get(id);
  return [
    {
      id,
      name: account?.name ?? `account ${id}`,
      owner: account?.owner ?? null,
      raisedOn,
      raisedMinor: rise.baseDeltaMinor,
      churnedOn: on,
      daysAfter,
      reason: end?.reason ?? null,
      refs: [rise.row, ...(end ? [end.row] : [])],
    },
  ];
}

function sayChurned(found: PriceFinding): string {
  const { asked, scope, currency, withinDays, basis, raised, others, accounts, gavePrice } = found;
  const named = basis === "named a price increase";
  const what = named ? "price was raised" : "MRR was raised";
  return [
    ...(named
      ? []
      : [
          "No ledger row is called a price increase, so every rise of MRR on top of what an account paid is counted; more seats or a larger plan are among them.",
        ]),
    `**${counted(accounts.length, "account")}** churned in ${asked.title} within ${withinDays} days after their ${what}: ${raised.churned} of ${raised.customers} with a rise; of those without one, ${others.churned} of ${others.customers} churned in the same window.`,
    ...accounts.map(
      ({ name, owner, raisedOn, raisedMinor, churnedOn, daysAfter, reason, rows }) =>
        `- **${name}** — ${formatChange(raisedMinor, currency)} on ${raisedOn}, churned ${churnedOn} (${counted(daysAfter, "day")} later)${reason ? `, reason: ${reason.replaceAll("_", " ")}` : ""}${owner ? `, owner ${owner}` : ""}${rowsLine(rows)}`,
    ),
    gavePrice.length === 0
      ? "Nobody who left in the window gave the price as the reason."
      : `${counted(gavePrice.length, "account")} that left in the window gave the price as the reason: ${gavePrice.map(({ name, on, reason }) => `${name} (${reason.replaceAll("_", " ")}, ${on})`).join(", ")}.`,
    `That they left after an increase does not say that they left because of it. Definition: churn = MRR at 0 by the ledger; an increase = ${named ? "a row that the ledger calls one" : "a rise of MRR"} at most ${withinDays} days before. Window: ${scopeWords(scope)}.`,
  ].join("\n");
}
