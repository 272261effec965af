import { z } from "zod";
import { accountsDue, type DueAccount, type DueTask, tasksDue } from "#accounts/agenda.ts";
import { type Deal, dealsThat } from "#accounts/deals.ts";
import { accountVocabulary } from "#accounts/vocabulary.ts";
import { addDays } from "#lifecycle/days.ts";
import { formatMoney } from "#money.ts";
import { defineTool } from "./define-tool.ts";
import { KeptOut, OPPORTUNITY_NAMES } from "./in-channel.ts";
import { readFilters } from "./read-filters.ts";
import { counted, distance, quoted } from "./words.ts";

const WAITING_DAYS = 30; // a question that is older is no longer waited for; the playbooks treat it as silence
const SHOWN = 5; // of each kind
const A_WEEK = 7;

/** What one person has to do until a day. The lists are cut; `counts` are over all. */
export interface AgendaFinding {
  /** Null is everybody. */
  owner: string | null;
  today: string;
  until: string;
  tasks: DueTask[];
  waiting: DueAccount[];
  urgent: DueAccount[];
  deals: Deal[];
  renewing: DueAccount[];
  counts: Record<"tasks" | "waiting" | "urgent" | "deals" | "renewing", number>;
  /** The accounts of the lists, in their order, each once. */
  accounts: { id: number; name: string }[];
}

export const agendaTool = defineTool({
  name: "agenda",
  title: "What is due",
  description:
    "What one colleague has to do now: tasks that are due or overdue, customers who wait for an answer, open urgent tickets, deals that close and contracts that renew in the next days. Without an owner of everybody. Use for “what should I do today?”, “anything due this week?”, “what is on Owen's plate?”. For one account next_steps.",
  effect: "reads",
  input: z.object({
    owner: z.string().min(1).max(120).optional().describe("the account owner, by name; without it everybody"),
    within_days: z.number().int().min(0).max(92).default(A_WEEK).describe("days from today"),
    only: z.enum(["tasks"]).optional().describe("tasks, and nothing else"),
  }),
  run: ({ owner: said, within_days, only }, context) =>
    context.database.read(context.actor, async (rows): Promise<AgendaFinding> => {
      const { today, baseCurrency } = context;
      const { owners } = said ? readFilters({ owner: [said] }, await accountVocabulary(rows), context) : {};
      const owner = owners?.[0] ?? said ?? null;
      const until = addDays(today, within_days);
      const query = { owner, today, until, waitingDays: WAITING_DAYS };
      const tasks = await tasksDue(rows, query);
      if (only) return justTasks(tasks, { owner, today, until });
      const { waiting, renewing, urgent } = await accountsDue(rows, query);
      const closing = { closesTo: until, state: "open", sort: "closing", limit: SHOWN } as const;
      const { totals, deals } = await dealsThat(rows, {
        ...closing,
        owners: owner ? [owner] : undefined,
        today,
        baseCurrency,
      });
      const counts = {
        tasks: tasks.length,
        waiting: waiting.length,
        urgent: urgent.length,
        deals: totals.reduce((sum, each) => sum + each.deals, 0),
        renewing: renewing.length,
      };
      const lists = { tasks: tasks.slice(0, SHOWN), waiting: waiting.slice(0, SHOWN), urgent: urgent.slice(0, SHOWN) };
      const shown = { ...lists, deals, renewing: renewing.slice(0, SHOWN) };
      return { owner, today, until, ...shown, counts, accounts: accountsIn(Object.values(shown).flat()) };
    }),
  say: (found) => {
    const { owner, today, until, counts } = found;
    const parts = [
      part(
        "Tasks due",
        counts.tasks,
        found.tasks.map((each) => `${taskLine(each, today)}${owner ? "" : `, ${each.owner}`}`),
      ),
      part("Customers whose last word is unanswered", counts.waiting, found.waiting.map(dueLine("since", today))),
      part(
        "Accounts with urgent tickets",
        counts.urgent,
        found.urgent.map(
          (each) => `${dueLine("oldest open since", today)(each)}, ${counted(each.many ?? 0, "urgent ticket")}`,
        ),
      ),
      part(
        "Deals that close",
        counts.deals,
        found.deals.map((each) => dealLine(each, today)),
      ),
      part("Renewals", counts.renewing, found.renewing.map(dueLine("on", today))),
    ].flat();
    const head = `**${owner ?? "Everybody"}**, ${today === until ? `up to ${today}` : `from ${today} to ${until}`}`;
    return parts.length > 0 ? [`${head}:`, ...parts].join("\n") : `${head}: nothing is due.`;
  },
  inChannel: (found) => {
    const kept = new KeptOut();
    const tasks = found.tasks.map((each) => ({ ...each, title: kept.of(each.title, "Task", "titles of tasks") }));
    const deals = found.deals.map((each) => ({
      ...each,
      name: kept.of(each.name, null, OPPORTUNITY_NAMES),
      nextStep: kept.of(each.nextStep, null, "next steps that were written down"),
    }));
    return { finding: { ...found, tasks, deals }, keptOut: kept.words };
  },
});

/** Tasks alone: twice as many of them are shown. */
function justTasks(due: DueTask[], of: Pick<AgendaFinding, "owner" | "today" | "until">): AgendaFinding {
  const tasks = due.slice(0, 2 * SHOWN);
  const none = { waiting: [], urgent: [], deals: [], renewing: [] };
  const counts = { tasks: due.length, waiting: 0, urgent: 0, deals: 0, renewing: 0 };
  return { ...of, tasks, ...none, counts, accounts: accountsIn(tasks) };
}

const accountsIn = (lists: { accountId: number | null; account: string | null }[]): AgendaFinding["accounts"] => [
  ...new Map(
    lists.flatMap(({ accountId: id, account: name }) => (id !== null && name !== null ? [[id, { id, name }]] : [])),
  ).values(),
];

const part = (title: string, count: number, lines: string[]): string[] =>
  count === 0
    ? []
    : [
        `- ${title}: ${count}`,
        ...lines.map((line) => `  - ${line}`),
        ...(count > lines.length ? [`  - and ${count - lines.length} more`] : []),
      ];

const taskLine = ({ title, dueOn, account }: DueTask, today: string): string =>
  `${account ? `**${account}** ` : ""}${quoted(title, 120)}, due ${dueOn} (${distance(dueOn, today)})`;

const dueLine =
  (since: string, today: string) =>
  ({ account, on }: DueAccount): string =>
    `**${account}**${on ? ` ${since} ${on} (${distance(on, today)})` : ""}`;

const dealLine = ({ account, stage, amountMinor, currency, closeOn }: Deal, today: string): string =>
  `**${account}** ${amountMinor !== null && currency ? `${formatMoney(amountMinor, currency)}, ` : ""}${stage}${closeOn ? `, closing day ${closeOn} (${distance(closeOn, today)})` : ""}`;
