import { freshness } from "#accounts/facts.ts";
import {
  churnSources,
  deletedButPaying,
  ledgerAgainstSubscriptions,
  refusedForRates,
} from "#accounts/movements-doubts.ts";
import type { Counted } from "#accounts/movements-window.ts";
import type { Reading } from "#database/door.ts";
import { daysBetween } from "#lifecycle/days.ts";
import type { Freshness } from "#lifecycle/facts.ts";
import type { LifecycleModel } from "#lifecycle/model.ts";
import { formatMoney } from "#money.ts";
import type { Ahead } from "./ahead.ts";
import type { ListedMovements } from "./window-movements.ts";
import type { ListableNumbers } from "./window-numbers.ts";

const NAMED = 3; // enough to go and look; the rest is counted
const ALL_COMPARED = 20_000; // customers; with more, reading all their subscriptions would take longer than the report

interface Doubted {
  numbers: ListableNumbers;
  counted: Counted;
  listed: ListedMovements;
  ahead: Ahead;
  today: string;
  model: LifecycleModel;
}

/** What the data cannot tell, in whole sentences: old or missing sources, missing rates, sources that disagree. */
export async function doubtsOf(rows: Reading, doubted: Doubted): Promise<string[]> {
  const { counted, today, ahead, numbers } = doubted;
  return [
    numbers.wrong === null ? null : `The roll-forward does not hold for every account: ${numbers.wrong}.`,
    ...(await againstSubscriptions(rows, doubted)),
    ...(await againstChurnRecords(rows, doubted)),
    ...(await missingRates(rows)),
    ...(await deleted(rows, counted)),
    ...(await freshness(rows, today)).flatMap((each) => stale(each, today)),
    unknownRisks(ahead.whole),
  ].filter((each) => each !== null);
}

async function againstSubscriptions(rows: Reading, { counted, numbers, listed, today }: Doubted): Promise<string[]> {
  const among = numbers.closing.customers > ALL_COMPARED ? listed.movements.map(({ accountId }) => accountId) : null;
  const all = await ledgerAgainstSubscriptions(rows, { today, filter: counted.filter, among });
  if (all.length === 0) return [];
  const shown = all
    .slice(0, NAMED)
    .map(
      (each) =>
        `${each.name} (ledger ${formatMoney(each.ledgerMinor, each.currency)}, subscriptions ${formatMoney(each.subscriptionsMinor, each.currency)})`,
    );
  const more = all.length > NAMED ? ` and ${all.length - NAMED} more` : "";
  const of = among ? ` of the ${among.length} with the largest movements` : "";
  return [
    `Ledger and subscriptions disagree on ${all.length} ${all.length === 1 ? "account" : "accounts"}${of}; the report follows the ledger: ${shown.join(", ")}${more}.`,
  ];
}

/** The ledger says who is lost. What churn records and the CRM say otherwise is told, not mixed in. */
async function againstChurnRecords(rows: Reading, { numbers, counted, model }: Doubted): Promise<string[]> {
  const crmNames = [...model.lapsed.crmStages, "lapsed", "churned"];
  const { records, onlyRecords, onlyLedger, crm } = await churnSources(
    rows,
    { ...numbers, counted },
    { crmNames, named: NAMED },
  );
  const tell = ({ n, first }: { n: number; first: string[] }) =>
    `${first.join(", ")}${n > NAMED ? ` and ${n - NAMED} more` : ""}`;
  const inRecords = `${records} ${records === 1 ? "account" : "accounts"}`;
  return [
    onlyRecords.n > 0
      ? `Churn records of the window name ${inRecords}, the ledger ${numbers.sums.lostCustomers}. Not lost by the ledger: ${tell(onlyRecords)}.`
      : null,
    onlyLedger.n > 0 ? `Lost by the ledger without a churn record: ${tell(onlyLedger)}.` : null,
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
