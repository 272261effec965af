import type { Deal } from "#accounts/deals.ts";
import { formatMoney } from "#money.ts";
import type { DealsFinding } from "./deals.ts";
import { counted, distance, quoted } from "./words.ts";

/** The deals in words: how many, what they come to, and each with whom, how much, where it stands and when it closes. */
export function sayDeals(found: DealsFinding): string {
  const { count, asked, deals } = found;
  if (count === 0) return `No deal fits (${asked}).`;
  const rest = count - deals.length;
  return [
    `**${counted(count, "deal")}** (${asked}). ${moneyWords(found)}`,
    ...deals.map((each, index) => `${index + 1}. ${dealLine(each, found.today)}`),
    rest > 0 && `and ${rest} more`,
  ]
    .filter(Boolean)
    .join("\n");
}

/** What was asked for, in words. */
export function askedWords(
  input: {
    state: string;
    slipped: boolean;
    kind?: string | undefined;
    closes_from?: string | undefined;
    closes_to?: string | undefined;
    at_least?: number | undefined;
  },
  filters: string,
): string {
  const { state, slipped, kind, closes_from: from, closes_to: to, at_least: least } = input;
  const verb = state === "open" ? "closing" : "closed";
  const window =
    from && to ? `${verb} from ${from} to ${to}` : from ? `${verb} from ${from}` : to ? `${verb} until ${to}` : "";
  return [
    state,
    kind,
    slipped ? "closing day over" : window,
    least !== undefined && `at least ${new Intl.NumberFormat("en").format(least)}`,
    filters,
  ]
    .filter(Boolean)
    .join("; ");
}

function moneyWords({ totals, count, averageMinor, baseMinor, baseCurrency }: DealsFinding): string {
  const each = totals.flatMap(({ currency, amountMinor }) =>
    currency && amountMinor > 0 ? [formatMoney(amountMinor, currency)] : [],
  );
  if (each.length === 0) return "No amounts are on record.";
  const alone =
    each.length === 1 && totals.some(({ currency, amountMinor }) => currency === baseCurrency && amountMinor > 0);
  const base =
    alone || baseMinor === null
      ? ""
      : `; in ${baseCurrency} at the stored rates ${formatMoney(baseMinor, baseCurrency)}`;
  const average =
    count > 1 && averageMinor !== null ? ` On average ${formatMoney(averageMinor, baseCurrency)} a deal.` : "";
  return `Amount together: ${each.join(" and ")}${base}.${average}`;
}

function dealLine({ account, name, stage, kind, amountMinor, currency, closeOn, owner }: Deal, today: string): string {
  const facts = [
    amountMinor !== null && currency ? formatMoney(amountMinor, currency) : "no amount",
    `${kind ? `${kind}, ` : ""}${stage}`,
    closeOn ? `closing day ${closeOn} (${distance(closeOn, today)})` : "no closing day",
    owner && `owner ${owner}`,
  ].filter(Boolean);
  return `**${account}** — ${facts.join(", ")}${name ? ` ${quoted(name, 80)}` : ""}`;
}
