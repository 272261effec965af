import { readFact } from "#lifecycle/derive.ts";
import type { FactName } from "#lifecycle/facts.ts";
import { formatMoney } from "#money.ts";
import { type DetailLine, line } from "./detail-line.ts";
import type { Subject } from "./subject.ts";
import { counted, distance } from "./words.ts";

/** A fact of the account as it stands on the day. */
export const value = ({ facts }: Subject, fact: FactName, today: string) => readFact(fact, facts, today).value;

/** "Renewal: 2027-01-31 (in 70 days)"; null where the day is not known. */
export function dated(label: string, subject: Subject, fact: FactName, today: string): string | null {
  const day = value(subject, fact, today);
  return typeof day === "string" ? `${label}: ${day} (${distance(day, today)})` : null;
}

/** When it renews, or ends, or why it does neither. */
export function renewalWords(subject: Subject, today: string): string {
  const { values } = subject.facts;
  const ends = dated("Cancelled: the paid term ends on", subject, "cancel_on", today);
  const renews = dated("Renewal", subject, "renews_on", today);
  if (ends ?? renews) return (ends ?? renews)!;
  return Number(values.mrr_minor ?? 0) > 0
    ? "Renewal: no date on record"
    : `Renewal: none, ${values.first_paid_on ? "not a paying customer now" : "not a paying customer so far"}`;
}

/** What it pays a month, for what. */
export function mrrWords({ facts: { values, currency } }: Subject): string {
  const { plan, seats } = values;
  const about = [plan && `plan ${plan}`, seats && counted(Number(seats), "seat")].filter(Boolean);
  return [`MRR: ${formatMoney(Number(values.mrr_minor ?? 0), currency)}`, ...about].join(", ");
}

/** Its last NPS answer, and how its tickets were rated. */
export function npsWords(subject: Subject, today: string): string {
  const { nps_score: score, nps_on: on, csat_90d: csat } = subject.facts.values;
  const answered = score === null || score === undefined ? "NPS: no answer on record" : `NPS: ${score}`;
  const when = typeof on === "string" ? ` on ${on} (${distance(on, today)})` : "";
  return `${answered}${when}; ${csat ? `CSAT of 90 days: ${csat}` : "no ticket of 90 days was rated"}`;
}

/** What is overdue, and what was paid last. */
export function invoiceLines(subject: Subject, today: string): DetailLine[] {
  const { overdue_minor: minor, overdue_since: since, paid_invoices: paid } = subject.facts.values;
  const overdue =
    Number(minor ?? 0) > 0
      ? `Overdue: ${formatMoney(Number(minor), subject.facts.currency)}${typeof since === "string" ? ` since ${since} (${distance(since, today)})` : ""}`
      : "Overdue: nothing";
  const last =
    dated("Last invoice paid", subject, "last_invoice_paid_on", today) ?? "Last invoice paid: none on record";
  return [line(overdue), line(`${last}; paid so far: ${Number(paid ?? 0)}`)];
}

/** When and by which channel it came to us. */
export function originWords(subject: Subject, today: string): string {
  const first = dated("First touch", subject, "first_touch_on", today) ?? "First touch: not on record";
  const channel = value(subject, "first_touch_channel", today);
  return `${first}${channel ? `, by ${channel}` : ""}`;
}
