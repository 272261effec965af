import { type Figure, sayFigure } from "#metrics/figure.ts";
import { formatChange, formatMoney } from "#money.ts";
import type { WhatIfFinding } from "#tools/what-if.ts";
import { counted, listed } from "#tools/words.ts";
import type { Block, Look } from "../message.ts";
import { dayIn, daysIn } from "./days.ts";
import { context, type More, section } from "./elements.ts";
import { lineIn, nameIn } from "./outside-text.ts";
import { amount, table, words } from "./tables.ts";

const NAMED = 5; // in the sentence; the table has all

/** A supposition: what it comes to, the window under each outcome, and whom it is about. Never to be taken for a forecast. */
export function whatIfCard(found: WhatIfFinding, _: Look, { compact }: More = {}): Block[] {
  const { title, accounts, outcomes, differenceMinor, currency, suppose } = found;
  const names = accounts.slice(0, NAMED).map(({ name }) => nameIn(name));
  const rest = accounts.length - names.length;
  const together = accounts.reduce((sum, { mrrMinor }) => sum + mrrMinor, 0);
  const against = suppose === "renew" ? "against their leaving" : "against what is scheduled";
  return [
    ...(compact
      ? []
      : [
          section(
            [
              `*A supposition, no forecast*  ·  ${lineIn(daysIn(title))}`,
              `${listed([...names, ...(rest > 0 ? [`${rest} more`] : [])])} (${formatMoney(together, currency)} MRR), ${lineIn(outcomes[1]?.words ?? "")}: *${formatChange(differenceMinor, currency)} MRR* ${against}.`,
            ].join("\n"),
          ),
        ]),
    outcomeTable(found),
    accountTable(found),
    context(`${restsOn(found)} Days of ${lineIn(found.scope.zone)}, ${lineIn(found.scope.filter, 300)}.`),
  ];
}

function outcomeTable({ outcomes, currency }: WhatIfFinding): Block {
  return table(
    {
      caption: "The window under each outcome",
      titles: ["Outcome", "MRR at its end", "Lost", "GRR", "NRR", "Logo churn"],
    },
    outcomes.map(({ words: name, rollForward: { closingMinor, lines }, grr, nrr, logoChurn }) => [
      words(name),
      amount(closingMinor, currency),
      amount(-(lines.churn.amountMinor + lines.contraction.amountMinor), currency),
      ...[grr, nrr, logoChurn].map((each: Figure) => words(sayFigure(each))),
    ]),
  ).block;
}

function accountTable({ accounts, currency }: WhatIfFinding): Block {
  return table(
    { caption: "Whom it is about", titles: ["Account", "MRR", "Contract", "Counted on"] },
    accounts.map(({ name, mrrMinor, endsOn, renewsOn, countedOn }) => [
      words(name),
      amount(mrrMinor, currency),
      words(endsOn ? `cancelled, ends ${dayIn(endsOn)}` : renewsOn ? `renews ${dayIn(renewsOn)}` : "no day on record"),
      words(dayIn(countedOn)),
    ]),
  ).block;
}

function restsOn({ scheduled, currency }: WhatIfFinding): string {
  if (scheduled.customers === 0) return "So far from the ledger; nothing is scheduled to end, so nothing else moves.";
  return `So far from the ledger; from today on only what is scheduled to end (${counted(scheduled.customers, "customer")}, ${formatChange(scheduled.amountMinor, currency)}) and the supposition.`;
}
