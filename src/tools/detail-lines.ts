import { accountHealth } from "#accounts/health.ts";
import type { AccountOverview, WholeAccount } from "#accounts/overview.ts";
import type { Word } from "#accounts/said.ts";
import type { FactName } from "#lifecycle/facts.ts";
import type { HealthPart } from "#metrics/health.ts";
import { formatMoney } from "#money.ts";
import { dated, invoiceLines, mrrWords, npsWords, originWords, renewalWords, value } from "./detail-facts.ts";
import { type DetailLine, line, orNone, told } from "./detail-line.ts";
import { contactLines, lastContactLines, wordLine } from "./detail-words.ts";
import { OPPORTUNITY_NAMES } from "./in-channel.ts";
import type { Subject } from "./subject.ts";
import { distance } from "./words.ts";

/** What can be asked of one account by itself. */
export const DETAILS = [
  "stage",
  "tickets",
  "renewal",
  "mrr",
  "customer_since",
  "health",
  "usage",
  "deals",
  "tasks",
  "contacts",
  "last_contact",
  "said",
  "nps",
  "invoices",
  "origin",
] as const;
export type Detail = (typeof DETAILS)[number];

/** What the lines are made of. */
export interface DetailGiven {
  subject: Subject;
  today: string;
  /** Known where contacts are asked about. */
  whole: WholeAccount | null;
  /** Known where words are asked about. */
  words: Word[];
  /** Much is asked at once: facts without their parts. */
  brief: boolean;
}

/** The facts that a detail rests on, so that it says how old they are. */
export const RESTS_ON: Partial<Record<Detail, FactName>> = {
  tickets: "open_tickets",
  renewal: "renews_on",
  mrr: "mrr_minor",
  usage: "last_used_on",
  deals: "open_opportunities",
  last_contact: "last_touch_on",
  nps: "nps_on",
  invoices: "overdue_minor",
};

/** The lines that tell a detail; never none, so that what is not on record is said. */
export const TELL: Record<Detail, (given: DetailGiven) => DetailLine[]> = {
  stage: ({ subject: { judgement } }) => [
    line(
      judgement.lapsed
        ? `Stage: Lapsed since ${judgement.lapsed.since}`
        : `Stage: ${judgement.stageName} since ${judgement.since}`,
    ),
  ],
  tickets: ({ subject, today }) => ticketLines(subject, today),
  renewal: ({ subject, today }) => [line(renewalWords(subject, today))],
  mrr: ({ subject }) => [line(mrrWords(subject))],
  customer_since: ({ subject, today }) => [
    line(dated("Customer since", subject, "first_paid_on", today) ?? "Not a paying customer so far"),
  ],
  usage: ({ subject, today }) => usageLines(subject, today),
  health: ({ subject, today, brief }) => healthLines(subject, today).slice(0, brief ? 1 : undefined),
  deals: ({ subject: { overview }, today }) => orNone(overview.openOpportunities.map(dealLine(today)), "Open deals"),
  tasks: ({ subject: { overview }, today }) => orNone(overview.openTasks.map(taskLine(today)), "Open tasks"),
  contacts: ({ whole, subject }) => contactLines(whole, subject),
  last_contact: ({ words, today }) => lastContactLines(words, today),
  said: ({ words, today }) =>
    orNone(words.filter(({ who }) => who === "customer").map(wordLine(today)), "Words of the customer"),
  nps: ({ subject, today }) => [line(npsWords(subject, today))],
  invoices: ({ subject, today }) => invoiceLines(subject, today),
  origin: ({ subject, today }) => [line(originWords(subject, today))],
};

function ticketLines(subject: Subject, today: string): DetailLine[] {
  const { openTickets } = subject.overview;
  const lately = Number(value(subject, "tickets_30d", today) ?? 0);
  const open = Math.max(Number(value(subject, "open_tickets", today) ?? 0), openTickets.length);
  const head = line(`Open tickets: ${open === 0 ? "none" : open}; opened in 30 days: ${lately}`);
  return [
    head,
    ...openTickets.map(({ id, priority, subject: about, openedOn }) => {
      const says = `#${id} ${priority ?? "without priority"}, open since ${openedOn} (${distance(openedOn, today)})`;
      return told(says, about, says, "ticket subjects");
    }),
  ];
}

function usageLines(subject: Subject, today: string): DetailLine[] {
  const percent = (fact: FactName): number | null => {
    const ratio = value(subject, fact, today);
    return typeof ratio === "number" ? Math.round(ratio * 100) : null;
  };
  const [use, change] = [percent("seat_use"), percent("usage_change")];
  const { active_users_30d: active, seats } = subject.facts.values;
  const used = dated("Last use", subject, "last_used_on", today);
  const lines = [
    use !== null && `Seats active in 30 days: ${active} of ${seats}, ${use}%`,
    change !== null &&
      `Use against the 30 days before: ${change > 0 ? "+" : change < 0 ? "−" : ""}${Math.abs(change)}%`,
    used,
  ].filter((each) => typeof each === "string");
  return lines.length > 0 ? lines.map(line) : [line("Usage: none on record")];
}

function healthLines({ facts }: Subject, today: string): DetailLine[] {
  const health = accountHealth(facts, today);
  if (!health) return [line("Health: not known, it is not a paying customer now")];
  const { score, parts } = health;
  return [
    line(score === null ? "Health: too little is known for a score" : `Health: ${score} of 100`),
    ...[...parts]
      .sort((a, b) => lostPoints(b) - lostPoints(a))
      .map(({ part, points, weight, because }) =>
        line(`${part} ${points === null ? "not counted" : `${points}/${weight}`}: ${because}`),
      ),
  ];
}

/** What pulls the score down most stands first; what is not counted last. */
const lostPoints = ({ points, weight }: HealthPart): number => (points === null ? -1 : weight - points);

const dealLine =
  (today: string) =>
  ({ name, stage, amountMinor, currency, closeOn }: AccountOverview["openOpportunities"][number]): DetailLine => {
    const amount = amountMinor !== null && currency ? `, ${formatMoney(amountMinor, currency)}` : "";
    const says = `Open deal in ${stage}${amount}${closeOn ? `, closes ${closeOn} (${distance(closeOn, today)})` : ""}`;
    return told(says, name, says, OPPORTUNITY_NAMES);
  };

const taskLine =
  (today: string) =>
  ({ title, dueOn }: AccountOverview["openTasks"][number]): DetailLine => {
    const says = `Open task${dueOn ? `, due ${dueOn} (${distance(dueOn, today)})` : " without a day"}`;
    return told(says, title, says, "titles of tasks");
  };
