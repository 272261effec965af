import { sayFigure } from "#metrics/figure.ts";
import { formatChange, formatMoney } from "#money.ts";
import { scopeWords } from "./figure-words.ts";
import type { Outcome } from "./suppositions.ts";
import type { WhatIfFinding } from "./what-if.ts";
import { counted, listed } from "./words.ts";

/** A supposition in words: what it comes to first, then each roll-forward, then what it rests on. */
export function sayWhatIf({
  title,
  scope,
  currency,
  accounts,
  outcomes,
  differenceMinor,
  scheduled,
  suppose: what,
}: WhatIfFinding): string {
  const money = (minor: number) => formatMoney(minor, currency);
  const together = accounts.reduce((sum, { mrrMinor }) => sum + mrrMinor, 0);
  const [first, supposition] = outcomes;
  // Whoever has not cancelled renews unless something happens, so that the two are the same.
  const isSame = what === "renew" && first!.rollForward.closingMinor === supposition!.rollForward.closingMinor;
  const told = isSame ? outcomes.slice(1) : outcomes;
  return [
    `**A supposition, no forecast** (${title}): ${listed(accounts.map(({ name }) => name))} (${money(together)} MRR), ${supposition!.words}: ${formatChange(differenceMinor, currency)} MRR at the end of the window against ${what === "renew" ? "their leaving" : "what is scheduled"}.`,
    ...told.map((each) => `- ${outcomeLine(each, currency)}`),
    ...accounts.map(
      ({ name, mrrMinor, renewsOn, endsOn, countedOn }) =>
        `- **${name}**: ${money(mrrMinor)} MRR, ${endsOn ? `cancelled, ends ${endsOn}` : renewsOn ? `renews ${renewsOn}` : "no renewal day on record"}, counted on ${countedOn}`,
    ),
    `Definition: movements so far from the ledger; from today on nothing moves but ${scheduled.customers === 0 ? "the supposition (nothing is scheduled to end)" : `what is scheduled to end (${counted(scheduled.customers, "customer")}, ${formatChange(scheduled.amountMinor, currency)}) and the supposition`}. Window: ${scopeWords(scope)}.`,
  ].join("\n");
}

function outcomeLine({ words, rollForward: told, grr, nrr, logoChurn }: Outcome, currency: string): string {
  const money = (minor: number) => formatMoney(minor, currency);
  const lost = told.lines.churn.amountMinor + told.lines.contraction.amountMinor;
  const { flash } = told;
  const apart =
    flash.customers === 0
      ? ""
      : `; ${counted(flash.customers, "customer")} came and went inside the window, told neither as new nor as lost`;
  return `${words}: ${money(told.openingMinor)} → ${money(told.closingMinor)} MRR (lost ${money(-lost)}); GRR ${sayFigure(grr)}, NRR ${sayFigure(nrr)}, logo churn ${sayFigure(logoChurn)}${logoChurn.few ? "" : ` (${logoChurn.of?.part} of ${logoChurn.of?.whole})`}${apart}`;
}
