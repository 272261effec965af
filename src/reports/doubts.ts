import { freshness } from "#accounts/facts.ts";
import { namesOf } from "#accounts/movements-ahead.ts";
import {
  churnSources,
  deletedButPaying,
  ledgerAgainstSubscriptions,
  refusedForRates,
} from "#accounts/movements-doubts.ts";
import type { Reading } from "#database/door.ts";
import { daysBetween } from "#lifecycle/days.ts";
import type { Freshness } from "#lifecycle/facts.ts";
import type { LifecycleModel } from "#lifecycle/model.ts";
import { rollForward } from "#metrics/roll-forward.ts";
import { formatMoney } from "#money.ts";
import type { Ahead } from "./ahead.ts";
import type { Counted, WindowNumbers } from "./window-numbers.ts";

const NAMED = 3; // enough to go and look; the rest is counted

interface Doubted {
  numbers: WindowNumbers;
  counted: Counted;
  ahead: Ahead;
  today: string;
  model: LifecycleModel;
}

/** What the data cannot tell, in whole sentences: old or missing sources, missing rates, sources that disagree. */
export async function doubtsOf(rows: Reading, doubted: Doubted): Promise<string[]> {
  const { counted, today, ahead, numbers } = doubted;
  return [
    ledgerFaults(numbers),
    ...(await againstSubscriptions(rows, counted, today)),
    ...(await againstChurnRecords(rows, doubted)),
    ...(await missingRates(rows)),
    ...(await deleted(rows, counted)),
    ...(await freshness(rows, today)).flatMap((each) => stale(each, today)),
    unknownRisks(ahead.whole),
  ].filter((each) => each !== null);
}

function ledgerFaults({ found }: WindowNumbers): string | null {
  const { wrong } = rollForward(found);
  return wrong === null ? null : `The roll-forward does not hold for every account: ${wrong}.`;
}

async function againstSubscriptions(rows: Reading, { filter }: Counted, today: string): Promise<string[]> {
  const all = await ledgerAgainstSubscriptions(rows, today, filter);
  if (all.length === 0) return [];
  const shown = all
    .slice(0, NAMED)
    .map(
      (each) =>
        `${each.name} (ledger ${formatMoney(each.ledgerMinor, each.currency)}, subscriptions ${formatMoney(each.subscriptionsMinor, each.currency)})`,
    );
  const more = all.length > NAMED ? ` and ${all.length - NAMED} more` : "";
  return [
    `Ledger and subscriptions disagree on ${all.length} ${all.length === 1 ? "account" : "accounts"}; the report follows the ledger: ${shown.join(", ")}${more}.`,
  ];
}

/** The ledger says who is lost. What churn records and the CRM say otherwise is told, not mixed in. */
async function againstChurnRecords(rows: Reading, { numbers, counted, model }: Doubted): Promise<string[]> {
  const crmNames = [...model.lapsed.crmStages, "lapsed", "churned"];
  const { records, crm } = await churnSources(rows, { window: numbers.window, filter: counted.filter, crmNames });
  const lost = numbers.found.movements.filter(({ kind }) => kind === "churn").map(({ accountId }) => accountId);
  const onlyRecords = records.filter((id) => !lost.includes(id));
  const onlyLedger = records.length === 0 ? [] : lost.filter((id) => !records.includes(id));
  const names = await namesOf(rows, [...onlyRecords, ...onlyLedger]);
  const tell = (ids: number[]) => {
    const first = ids.slice(0, NAMED).map((id) => names.get(id)?.name ?? `account ${id}`);
    return `${first.join(", ")}${ids.length > NAMED ? ` and ${ids.length - NAMED} more` : ""}`;
  };
  const inRecords = `${records.length} ${records.length === 1 ? "account" : "accounts"}`;
  return [
    onlyRecords.length > 0
      ? `Churn records of the window name ${inRecords}, the ledger ${lost.length}. Not lost by the ledger: ${tell(onlyRecords)}.`
      : null,
    onlyLedger.length > 0 ? `Lost by the ledger without a churn record: ${tell(onlyLedger)}.` : null,
    crm > 0
      ? `The CRM calls ${crm} ${crm === 1 ? "account" : "accounts"} churned that still ${crm === 1 ? "pays" : "pay"} by the ledger.`
      : null,
  ].filter((each) => each !== null);
}

const missingRates = async (rows: Reading): Promise<string[]> =>
  (await refusedForRates(rows)).map(
    ({ currency, n }) =>
      `${n} ${n === 1 ? "row" : "rows"} in ${currency} ${n === 1 ? "is" : "are"} not counted, because there is no exchange rate for ${currency}. Import rates, then the rows again.`,
  );

async function deleted(rows: Reading, { filter, counting }: Counted): Promise<string[]> {
  const { n, mrrMinor } = await deletedButPaying(rows, filter);
  if (n === 0) return [];
  return [
    `${n} ${n === 1 ? "account is" : "accounts are"} deleted in the CRM and still ${n === 1 ? "pays" : "pay"} by the ledger: ${formatMoney(mrrMinor, counting.base)}.`,
  ];
}

function stale({ domain, source, asOf, expectedDays }: Freshness, today: string): string[] {
  const called = domain === "crm" ? "CRM" : domain;
  const what = `${called.charAt(0).toUpperCase()}${called.slice(1)} data`;
  if (asOf === null) return [`No source gives ${called} data.`];
  const age = daysBetween(asOf, today);
  if (age <= expectedDays) return [];
  const missing = domain === "billing" ? ": losses since then are not in here" : "";
  return [`${what} is ${age} days old (${source}, ${asOf})${missing}.`];
}

function unknownRisks({ paying, known, scored }: Ahead["whole"]): string | null {
  if (known === paying) return null;
  if (scored === 0) return "Risk has not been worked out for any account yet.";
  const unknown = paying - known;
  return `The risk of ${unknown} of ${paying} paying accounts cannot be told: less than half of its signals are known.`;
}
