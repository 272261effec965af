import { findAccount } from "#accounts/find.ts";
import { type ListedTicket, type TicketQuery, type Tickets, ticketsThat } from "#accounts/tickets.ts";
import { accountVocabulary } from "#accounts/vocabulary.ts";
import type { Reading } from "#database/door.ts";
import { defineTool } from "./define-tool.ts";
import { windowAsked } from "./figure-input.ts";
import { KeptOut } from "./in-channel.ts";
import { readFilters } from "./read-filters.ts";
import { type TicketsInput, ticketsInput } from "./tickets-input.ts";
import { sayTickets } from "./tickets-words.ts";

/** The tickets that were asked for. `account`: whose they are, or whose matter was looked for elsewhere. */
export interface TicketsFinding extends Tickets {
  account: { id: number; name: string; spelling: string | null } | null;
  /** The account's own tickets on whose matter others were looked for; null where that was not the question. */
  like: ListedTicket[] | null;
  /** The accounts of the list, in its order, each once. */
  accounts: { id: number; name: string }[];
  asked: TicketsInput & { state: TicketQuery["state"] };
  today: string;
}

export const ticketsTool = defineTool({
  name: "tickets",
  title: "Support tickets",
  description:
    "Support tickets of one account or of all: open or solved, by priority, age, words of the matter, owner or team; how old they are, and who else has or had the same problem. Use for “which tickets do they have open?”, “urgent tickets older than 3 days”, “tickets about calendar sync”, “has this happened to them before?”, “who else has this problem?”.",
  effect: "reads",
  input: ticketsInput,
  run: (input, context) =>
    context.database.read(context.actor, async (rows): Promise<TicketsFinding> => {
      const { today } = context;
      const opened = input.opened === undefined ? null : windowAsked(input.opened, today).window;
      const account = input.account === undefined ? null : await findAccount(rows, input.account);
      const like = account && input.same_matter ? await matterOf(rows, account.id, today) : null;
      const { owners, teams, segments, countries } = readFilters(input.filters, await accountVocabulary(rows), context);
      const found = await ticketsThat(rows, {
        ...{ today, owners, teams, segments, countries },
        ...(account && whose(account.id, like, input)),
        number: input.ticket?.replace(/^#/, ""),
        state: stateOf(input),
        priorities: input.priority,
        olderThanDays: input.older_than_days,
        ...(opened && { openedFrom: opened.start, openedBefore: opened.end }),
        about: input.about,
        sort: input.sort ?? (stateOf(input) === "open" ? "urgency" : "newest"),
        limit: input.limit,
        groupBy: input.group_by,
      });
      return {
        ...found,
        account,
        like,
        accounts: accountsOf(found.tickets),
        asked: { ...input, state: stateOf(input) },
        today,
      };
    }),
  say: sayTickets,
  inChannel: (found) => {
    const kept = new KeptOut();
    const plainly = (tickets: ListedTicket[]) =>
      tickets.map((each) => ({ ...each, subject: kept.of(each.subject, null, "ticket subjects") }));
    return {
      finding: { ...found, tickets: plainly(found.tickets), like: found.like && plainly(found.like) },
      keptOut: kept.words,
    };
  },
});

/** Whoever asks for one ticket, for those of a week, or for what came before, does not mean the open ones only. */
const stateOf = ({ ticket, opened, same_matter, state }: TicketsInput): TicketQuery["state"] =>
  state ?? (ticket !== undefined || opened !== undefined || same_matter === "before" ? "any" : "open");

function whose(accountId: number, like: ListedTicket[] | null, { same_matter }: TicketsInput): Partial<TicketQuery> {
  if (!like) return { accountId };
  const matterOf = like.flatMap(({ subject }) => subject ?? []);
  return same_matter === "before"
    ? { accountId, matterOf, exceptIds: like.map(({ id }) => id) }
    : { exceptAccountId: accountId, matterOf };
}

/** The account's open tickets; where none is open, its newest. */
async function matterOf(rows: Reading, accountId: number, today: string): Promise<ListedTicket[]> {
  const open = await ticketsThat(rows, { today, accountId, state: "open", sort: "urgency", limit: 10 });
  if (open.tickets.length > 0) return open.tickets;
  return (await ticketsThat(rows, { today, accountId, state: "any", sort: "newest", limit: 1 })).tickets;
}

const accountsOf = (tickets: ListedTicket[]): { id: number; name: string }[] => [
  ...new Map(tickets.map(({ accountId, account }) => [accountId, { id: accountId, name: account }])).values(),
];
