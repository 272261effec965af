import { momentOn } from "./calendar.ts";
import { endOf, startOf } from "./contract.ts";
import type { Priority, TicketPlan } from "./life.ts";
import { ticketAt } from "./paying-life.ts";
import { SUPPORT } from "./people.ts";
import type { Random } from "./random.ts";
import { inCrm, type Row, row } from "./row.ts";
import type { Story } from "./story.ts";
import { PLACES, TICKET_TEXTS, type TicketText } from "./texts/tickets.ts";
import { HOSTILE } from "./texts/words.ts";

const MINUTE = 60_000;
/** Minutes to the first reply and hours to the end, at most, by priority. */
const CARE: Record<Priority, { reply: number; hours: number }> = {
  low: { reply: 600, hours: 150 },
  normal: { reply: 360, hours: 96 },
  high: { reply: 120, hours: 48 },
  urgent: { reply: 40, hours: 20 },
};
const FIRST_NUMBER = 1001;

interface Told {
  story: Story;
  plan: TicketPlan;
  createdAt: string;
}

/** The tickets of all customers, numbered in the order in which they came. */
export function ticketRows(stories: Story[]): Row[] {
  const told = stories.flatMap((story) =>
    plansOf(story).map((plan): Told => ({ story, plan, createdAt: momentOn(plan.on, story.random.whole(0, 350)) })),
  );
  told.sort(
    (one, other) =>
      one.createdAt.localeCompare(other.createdAt) || one.story.customer.id.localeCompare(other.story.customer.id),
  );
  return told.map((each, at) => ticketRow(each, `HD-${FIRST_NUMBER + at}`));
}

/** Those of the story, and those that come by themselves until the customer falls silent. */
function plansOf({ life, random, span, hostile }: Story): TicketPlan[] {
  const orders = hostile.includes("ticket") ? [ticketAt(span.today - 4, { state: "open", theme: "hostile" })] : [];
  const [first] = life.contracts;
  if (!first) return [...life.tickets, ...orders];
  const until = Math.min(span.today - 12, life.usage?.fadeFrom ?? span.today, endOf(first) ?? span.today);
  const from = startOf(first) + 5;
  const count = from < until ? Math.round((life.ticketsAYear * (until - from) * random.between(0.6, 1.4)) / 365) : 0;
  const usual = Array.from({ length: count }, () => {
    const priority = random.pick<Priority>(["low", "normal", "normal", "normal", "high", "high", "urgent"]);
    return ticketAt(random.whole(from, until), {
      priority,
      csat: random.chance(0.4) ? random.pick([3, 4, 4, 5, 5, 5]) : null,
    });
  });
  return [...usual, ...life.tickets, ...orders];
}

function ticketRow({ story, plan, createdAt }: Told, id: string): Row {
  const { customer, random } = story;
  const text = textOf(plan, random);
  const contact = customer.contacts.length > 0 ? random.pick(customer.contacts) : null;
  const times = timesOf(story, plan, createdAt);
  return row("helpdesk", "ticket", {
    id,
    account: inCrm(customer.id),
    contact: contact ? inCrm(contact.id) : null,
    assignee: inCrm(random.pick(SUPPORT)),
    subject: text.subject,
    body: text.body,
    status: plan.state,
    priority: plan.priority,
    kind: text.kind,
    channel: random.pick(["email", "email", "web", "chat", "phone"]),
    csat: plan.state === "solved" ? plan.csat : null,
    escalated: plan.priority === "urgent" && random.chance(0.5),
    reopened: random.chance(0.06) ? 1 : 0,
    createdAt,
    ...times,
  });
}

/** Tickets of the last hours have no reply yet; a solved one was solved before today. */
function timesOf(
  { random, span }: Story,
  plan: TicketPlan,
  createdAt: string,
): { firstReplyAt: string | null; solvedAt: string | null } {
  const created = Date.parse(createdAt);
  const { reply, hours } = CARE[plan.priority];
  const firstReply = created + random.whole(8, reply) * MINUTE;
  const solved = Math.min(
    firstReply + random.whole(30, hours * 60) * MINUTE,
    Date.parse(momentOn(span.today - 1, 359)) + 300 * MINUTE,
  );
  const waits = plan.state === "open" && plan.on >= span.today - 2;
  return {
    firstReplyAt: waits ? null : moment(Math.min(firstReply, solved)),
    solvedAt: plan.state === "solved" ? moment(solved) : null,
  };
}

const moment = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

function textOf({ theme }: TicketPlan, random: Random): TicketText {
  if (theme === "hostile") return { kind: "question", ...HOSTILE.ticket };
  const fitting = TICKET_TEXTS.filter((text) =>
    theme ? text.kind === theme : text.kind !== "outage" && text.kind !== "onboarding",
  );
  const text = random.pick(fitting);
  const words: Record<string, string> = {
    site: random.pick(PLACES.site),
    feature: random.pick(PLACES.feature),
    tool: random.pick(PLACES.tool),
    weekday: random.pick(PLACES.weekday),
    count: String(random.whole(3, 48)),
  };
  const fill = (line: string) => capital(line.replace(/\{(\w+)\}/g, (place, name: string) => words[name] ?? place));
  return { kind: text.kind, subject: fill(text.subject), body: fill(text.body) };
}

const capital = (line: string): string => line.charAt(0).toUpperCase() + line.slice(1);
