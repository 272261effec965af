import { formatMoney } from "#money.ts";
import type { accountOverviewTool } from "#tools/account-overview.ts";
import { counted } from "#tools/words.ts";
import { ACTIONS } from "../actions.ts";
import type { Block, Look } from "../message.ts";
import { accountButtons, spellingWords } from "./account-buttons.ts";
import { dayFrom, dayIn } from "./days.ts";
import { context, fact, fields, type More, section } from "./elements.ts";
import { escaped, lineIn, nameIn, quoteIn } from "./outside-text.ts";
import { doubts, reasonLine } from "./reasons.ts";
import { becauseWords, besidesWords, stageWords } from "./stage-words.ts";

export type AccountFinding = Awaited<ReturnType<typeof accountOverviewTool.run>>;

const EVIDENCE_LINES = 3;
const OPEN_LINES = 3;
const HIDDEN_TASK = "Task"; // its title in a channel

/** One account at a glance: where it stands and why, money, health, renewal, what is open. Compact: its figures only. */
export function accountCard(found: AccountFinding, look: Look, more: More = {}): Block[] {
  const without = [ACTIONS.overview, ...(more.without ?? [])];
  const head = section(`*${nameIn(found.account.name)}*${about(found)}\n${stageWords(found.stage)}`);
  const figures = fields(figuresOf(found, look));
  if (more.compact) return [head, figures, ...accountButtons(found.account, { without })];
  const open = openLines(found, look);
  return [
    head,
    figures,
    section(whyLines(found).join("\n")),
    ...(open.length > 0 ? [section(open.join("\n"))] : []),
    ...notesOf(found),
    ...accountButtons(found.account, { without }),
  ];
}

function about({ card: { segment, industry, country, parent } }: AccountFinding): string {
  const words = [segment, industry, country, parent && `part of ${parent}`].filter((each) => !!each);
  return words.length > 0 ? `  ·  ${lineIn(words.join(" · "), 200)}` : "";
}

function figuresOf(found: AccountFinding, { today }: Look): string[] {
  const { card, mrr, health, overdue, nps } = found;
  const plan = [mrr.plan && String(mrr.plan), mrr.seats && counted(Number(mrr.seats), "seat")].filter((each) => !!each);
  return [
    fact("Owner", `${card.owner ? nameIn(card.owner, 80) : "nobody"}${card.team ? `, ${lineIn(card.team, 60)}` : ""}`),
    fact("MRR", `${formatMoney(mrr.minor, mrr.currency)}${plan.length > 0 ? ` · ${lineIn(plan.join(", "), 80)}` : ""}`),
    fact("Renewal", renewalWords(found, today)),
    fact("Health", healthWords(health)),
    fact("Last contact", found.lastTouchOn ? dayFrom(found.lastTouchOn, today) : "none on record"),
    fact("Open tickets", ticketWords(card.openTickets)),
    overdue &&
      fact(
        "Overdue",
        `${formatMoney(overdue.minor, overdue.currency)}${overdue.since ? ` since ${dayIn(overdue.since)}` : ""}`,
      ),
    nps && fact("NPS", `${nps.score}${nps.on ? ` on ${dayIn(nps.on)}` : ""}`),
    found.customerSince && fact("Customer since", dayIn(found.customerSince)),
  ].filter((each) => typeof each === "string");
}

function renewalWords({ renewsOn, cancelOn, customerSince }: AccountFinding, today: string): string {
  if (cancelOn) return `cancelled, term ends ${dayFrom(cancelOn, today)}`;
  if (renewsOn) return dayFrom(renewsOn, today);
  return customerSince ? "no date on record" : "not a paying customer so far";
}

/** The score, and the part that pulls it down most with the one that holds it up most. */
function healthWords(health: AccountFinding["health"]): string {
  if (!health) return "not known";
  const known = health.parts
    .flatMap(({ part, weight, points, because }) => (points === null ? [] : [{ part, weight, points, because }]))
    .sort((a, b) => a.points / a.weight - b.points / b.weight);
  const [worst, best] = [known[0], known.at(-1)];
  const told = [...new Set([worst, best])].flatMap((each) =>
    each ? [`${each.part} ${each.points}/${each.weight}: ${lineIn(each.because, 120)}`] : [],
  );
  const head = health.score === null ? "too little is known for a score" : `${health.score} of 100`;
  return [head, ...told].join("\n");
}

function ticketWords(tickets: AccountFinding["card"]["openTickets"]): string {
  if (tickets.length === 0) return "none";
  const urgent = tickets.filter(({ priority }) => priority === "urgent" || priority === "high").length;
  if (tickets.length === 1) return urgent === 1 ? "1, high or urgent" : "1";
  return `${tickets.length === 5 ? "5 or more" : tickets.length}${urgent > 0 ? `, ${urgent} high or urgent` : ""}`;
}

function whyLines({ stage }: AccountFinding): string[] {
  const reasons = [...stage.reasons, ...stage.context].slice(0, EVIDENCE_LINES);
  return [`*Why:* ${becauseWords(stage)}`, ...reasons.map(reasonLine)];
}

function openLines({ card }: AccountFinding, { today }: Look): string[] {
  const tickets = card.openTickets.slice(0, OPEN_LINES).map(({ id, priority, subject, openedOn }) => {
    const words = quoteIn(subject, 100);
    return `• Ticket #${id}, ${lineIn(priority ?? "without priority", 40)}, ${dayFrom(openedOn, today)}${words ? `: ${words}` : ""}`;
  });
  const opportunities = card.openOpportunities
    .slice(0, OPEN_LINES)
    .map(({ name, stage, amountMinor, currency, closeOn }) => {
      const amount = amountMinor !== null && currency ? `, ${formatMoney(amountMinor, currency)}` : "";
      return `• Opportunity${name ? ` ${quoteIn(name, 80)}` : ""} in ${lineIn(stage, 60)}${amount}${closeOn ? `, closes ${dayFrom(closeOn, today)}` : ""}`;
    });
  const tasks = card.openTasks
    .slice(0, OPEN_LINES)
    .map(
      ({ title, dueOn }) =>
        `• Task${title === HIDDEN_TASK ? "" : ` ${quoteIn(title, 100)}`}${dueOn ? `, due ${dayFrom(dueOn, today)}` : ""}`,
    );
  const lines = [...tickets, ...opportunities, ...tasks];
  return lines.length > 0 ? ["*Open:*", ...lines] : [];
}

function notesOf({ account, stage, freshness }: AccountFinding): Block[] {
  const fed = freshness.flatMap(({ domain, asOf }) => (asOf ? [{ domain, asOf }] : []));
  const oldest = fed.map(({ asOf }) => asOf).sort()[0];
  const notes = [
    ...spellingWords(account).map(escaped),
    ...besidesWords(stage),
    ...doubts(stage.doubts),
    oldest && `Data as of ${dayIn(oldest)}${fed.every(({ asOf }) => asOf === oldest) ? "" : " or later"}.`,
  ].filter((each) => typeof each === "string");
  return notes.length > 0 ? [context(notes.join(" "))] : [];
}
