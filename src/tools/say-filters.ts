import type { PortfolioFilters } from "./portfolio-input.ts";

/** The filters in words, so that an answer says what it counted: "industry EdTech; MRR from 1,000". Empty without filters. */
export function sayFilters(filters: PortfolioFilters, baseCurrency: string): string {
  const { tickets } = filters;
  const lists: [string, string[] | undefined][] = [
    ["stage", filters.stage],
    ["owner", filters.owner],
    ["team", filters.team],
    ["segment", filters.segment],
    ["industry", filters.industry],
    ["country", filters.country],
    ["plan", filters.plan],
  ];
  const words = [
    ...lists.filter(([, values]) => values?.length).map(([what, values]) => `${what} ${values!.join(" or ")}`), // just filtered
    filters.name_contains && `name with “${filters.name_contains}”`,
    range(`MRR (${baseCurrency})`, filters.mrr),
    range("health", filters.health),
    range("NPS", filters.nps),
    renewal(filters),
    filters.no_contact_days && `no contact for more than ${filters.no_contact_days} days`,
    filters.contacted_within_days && `contact within ${filters.contacted_within_days} days`,
    filters.not_used_days && `not used for more than ${filters.not_used_days} days`,
    tickets && ticketWords(tickets),
    yesNo(filters.paying, "paying", "not paying"),
    yesNo(filters.lapsed, "lapsed (was paying, pays no more)", "not lapsed"),
    yesNo(filters.cancelling, "cancelled, term not ended", "not cancelled"),
    yesNo(filters.overdue, "with overdue invoices", "nothing overdue"),
    yesNo(filters.crm_differs, "the CRM's stage says otherwise", "the CRM's stage agrees"),
    yesNo(filters.owned, "with an owner", "without an owner"),
    yesNo(filters.open_opportunity, "with an open opportunity", "without an open opportunity"),
  ];
  return words.filter(Boolean).join("; ");
}

const number = new Intl.NumberFormat("en");

function range(
  what: string,
  given: { at_least?: number | undefined; at_most?: number | undefined } | undefined,
): string | null {
  if (!given) return null;
  const { at_least: least, at_most: most } = given;
  if (least !== undefined && most !== undefined)
    return `${what} from ${number.format(least)} to ${number.format(most)}`;
  if (least !== undefined) return `${what} at least ${number.format(least)}`;
  return most === undefined ? null : `${what} at most ${number.format(most)}`;
}

function renewal({ renews_from: from, renews_to: to }: PortfolioFilters): string | null {
  if (from && to) return `renewal from ${from} to ${to}`;
  if (from) return `renewal on or after ${from}`;
  return to ? `renewal on or before ${to}` : null;
}

function ticketWords({ priority, state, within_days, more_than }: NonNullable<PortfolioFilters["tickets"]>): string {
  const kind = `more than ${more_than} ${state === "any" ? "" : `${state} `}tickets`;
  const urgentOut = priority?.includes("high") && !priority.includes("urgent") ? ", urgent ones not counted" : "";
  return `${kind}${priority ? ` of priority ${priority.join(" or ")}${urgentOut}` : ""}${within_days ? ` in ${within_days} days` : ""}`;
}

const yesNo = (wanted: boolean | undefined, yes: string, no: string): string | null =>
  wanted === undefined ? null : wanted ? yes : no;
