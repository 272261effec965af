import type { ListedTicket } from "#accounts/tickets.ts";
import { sayFilters } from "./say-filters.ts";
import type { TicketsFinding } from "./tickets.ts";
import { counted, distance, listed, quoted, spellingNote } from "./words.ts";

/** What was found, the count first. Subjects stand in quotation marks, because customers wrote them. */
export function sayTickets(found: TicketsFinding): string {
  const { account, asked } = found;
  const note = account ? spellingNote(account) : "";
  if (found.like?.length === 0)
    return `${note}**${account?.name}** has no ticket on record, so there is no matter to look for.`;
  const whole = [headOf(found), ...(asked.group_by ? groupLines(found) : ticketLines(found))];
  const rest = asked.group_by ? 0 : found.count - found.tickets.length;
  return `${note}${[...whole, rest > 0 && `and ${rest} more`].filter(Boolean).join("\n")}`;
}

function headOf(found: TicketsFinding): string {
  const { asked, count, account, like } = found;
  if (asked.ticket !== undefined)
    return count === 0 ? `I know no ticket “${asked.ticket}”.` : `Ticket ${asked.ticket}:`;
  if (like) return matterHead(found, like);
  const what = `${count === 0 ? "No" : count} ${kindOf(asked)}${count === 1 ? "ticket" : "tickets"}${conditionsOf(asked)}`;
  if (account) return `**${account.name}**: ${count === 0 ? what.replace("No", "no") : what}${whenOf(found)}.`;
  return `**${what}**${count > 0 ? ` at ${counted(found.accountCount, "account")}` : ""}${whenOf(found)}.`;
}

function matterHead({ asked, count, account, accountCount }: TicketsFinding, like: ListedTicket[]): string {
  const matter = `on the matter of ${listed(like.map(nameOf))}`;
  if (asked.same_matter === "before")
    return `**${account?.name}**: ${count === 0 ? "no earlier ticket" : counted(count, "earlier ticket")} ${matter}.`;
  const open = `${kindOf(asked)}ticket`;
  return count === 0
    ? `No other account has an ${open} ${matter}.`
    : `${counted(accountCount, "other account")} ${accountCount === 1 ? "has" : "have"} ${counted(count, open)} ${matter}.`;
}

/** "open urgent ", "solved ", "". */
const kindOf = ({ state, priority }: TicketsFinding["asked"]): string =>
  [state === "any" ? "" : state, priority?.join(" or ")]
    .filter(Boolean)
    .map((word) => `${word} `)
    .join("");

function conditionsOf(asked: TicketsFinding["asked"]): string {
  const of = sayFilters(asked.filters, "");
  const conditions = [
    asked.older_than_days !== undefined && ` opened more than ${counted(asked.older_than_days, "day")} ago`,
    asked.opened && ` opened ${asked.opened}`,
    asked.about && ` about “${asked.about}”`,
    of && ` (${of})`,
  ];
  return conditions.filter(Boolean).join("");
}

/** How old they are: the oldest, and the mean of several. */
function whenOf({ count, oldestOn, averageAgeDays, today, asked }: TicketsFinding): string {
  if (count > 0 && asked.state === "solved" && averageAgeDays !== null)
    return `, solved after ${averageAgeDays} days${count > 1 ? " on average" : ""}`;
  if (count === 0 || !oldestOn || asked.state !== "open") return "";
  const mean = count > 1 && averageAgeDays !== null ? `; ${averageAgeDays} days old on average` : "";
  return `, ${count > 1 ? "the oldest " : ""}opened ${distance(oldestOn, today)}${mean}`;
}

const ticketLines = ({ tickets, account, like, today }: TicketsFinding): string[] =>
  tickets.map((each) => `- ${ticketLine(each, { today, whose: !account || like !== null })}`);

/** "#1106 high, open since 2026-11-08 (14 days ago): “Calendar sync …”". */
function ticketLine(ticket: ListedTicket, { today, whose }: { today: string; whose: boolean }): string {
  const { id, account, priority, openedOn, solvedOn, subject, assignee, escalated, csat, kind } = ticket;
  const state = solvedOn
    ? `opened ${openedOn}, solved ${solvedOn}${csat === null ? "" : `, CSAT ${csat}`}`
    : `open since ${openedOn} (${distance(openedOn, today)})`;
  const facts = [
    `#${id} ${priority ?? "without priority"}`,
    kind?.replaceAll("_", " "),
    state,
    escalated && "escalated",
    assignee && `with ${assignee}`,
  ];
  return `${whose ? `**${account}** ` : ""}${facts.filter(Boolean).join(", ")}${subject ? `: ${quoted(subject)}` : ""}`;
}

const nameOf = ({ id, subject }: ListedTicket): string => `#${id}${subject ? ` ${quoted(subject, 80)}` : ""}`;

const groupLines = ({ groups, account }: TicketsFinding): string[] =>
  groups.map(
    ({ value, tickets, accounts }) =>
      `- ${value?.replaceAll("_", " ") ?? "not set"}: ${counted(tickets, "ticket")}${account ? "" : ` at ${counted(accounts, "account")}`}`,
  );
