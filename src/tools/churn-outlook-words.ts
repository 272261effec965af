import { formatMoney } from "#money.ts";
import type { OutlookFinding, RenewalAtRisk } from "./churn-outlook.ts";
import { counted, listed } from "./words.ts";

const NAMED = 5;

/** What is known of churn to come, in words: what is sure first, then what may be, then the pace of the past. */
export function sayOutlook(found: OutlookFinding): string {
  const { from, to, filter, asOf, pace, currency } = found;
  return [
    `**What may be lost from ${from} to ${to}** (${filter}), as of ${asOf}. I cannot foresee what a customer will do; this is what is known.`,
    endingLine(found),
    renewalLine(found),
    ...found.accounts.map((each, at) => `${at + 1}. ${accountLine(each, currency)}`),
    ...restLine(found),
    riskLine(found),
    `Pace of the last ${pace.months} whole months: ${formatMoney(pace.lostMinor, currency)} MRR lost in a month on average, ${counted(pace.lostCustomers, "customer")} in all.`,
    `Definition: money is MRR in ${currency} at today's rates; risk is of a churn within 90 days, as last scored; a renewal is the account's next one on record.`,
  ].join("\n");
}

function endingLine({ ending, currency }: OutlookFinding): string {
  if (ending.customers === 0) return "Cancelled, with the paid term ending in it: nobody.";
  const told = ending.first
    .slice(0, NAMED)
    .map(({ name, amountMinor, endsOn }) => `${name} ${formatMoney(amountMinor, currency)} on ${endsOn}`);
  const rest = ending.first.length - told.length;
  return `Cancelled, with the paid term ending in it: ${counted(ending.customers, "customer")}, ${formatMoney(ending.amountMinor, currency)} (${told.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}).`;
}

function renewalLine({ renewals, currency }: OutlookFinding): string {
  if (renewals.customers === 0) return "Renewals in it: none.";
  const bands = renewals.bands.map(
    ({ band, customers, amountMinor }) =>
      `${customers} ${band === null ? "with too little known" : `at ${band} risk`} (${formatMoney(amountMinor, currency)})`,
  );
  return `Renewals in it: ${counted(renewals.customers, "customer")}, ${formatMoney(renewals.amountMinor, currency)}: ${listed(bands)}.`;
}

function accountLine({ name, owner, mrrMinor, renewsOn, band, because }: RenewalAtRisk, currency: string): string {
  const facts = [
    `risk ${band ?? "not known"}`,
    `renews ${renewsOn}`,
    `MRR ${formatMoney(mrrMinor, currency)}`,
    owner && `owner ${owner}`,
    because && band !== "low" && `mostly: ${because}`,
  ];
  return `**${name}** — ${facts.filter(Boolean).join(", ")}`;
}

function restLine({ fitting, accounts, bandsAsked }: OutlookFinding): string[] {
  if (bandsAsked && fitting === 0) return [`No renewal in it is at risk ${bandsAsked.join(" or ")}.`];
  const rest = fitting - accounts.length;
  return rest > 0 ? [`and ${rest} more`] : [];
}

function riskLine({ risk, expectedLossMinor, currency }: OutlookFinding): string {
  const bands = risk.bands
    .filter(({ accounts }) => accounts > 0)
    .map(({ band, accounts, mrrMinor }) => `${band} ${accounts} (${formatMoney(mrrMinor, currency)})`);
  const expected =
    expectedLossMinor === null
      ? "A percentage, and with it an expected loss, needs risk fitted to past churns here: `perennial risk fit`."
      : `Expected loss within 90 days, MRR × risk: ${formatMoney(expectedLossMinor, currency)}.`;
  return `All paying customers by risk within 90 days: ${bands.length > 0 ? listed(bands) : "not scored yet"}. ${expected}`;
}
