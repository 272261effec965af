import { NOT_BEFORE_STRANGERS } from "#agent/run-tool.ts";
import { type Cell, csvOf } from "#csv.ts";
import { AskAgain } from "#errors.ts";
import { minorDigits } from "#money.ts";
import type { ToolCall } from "#threads/focus.ts";
import type { ToolContext } from "#tools/define-tool.ts";
import { type PortfolioFinding, portfolioTool } from "#tools/portfolio.ts";
import { renewalsTool } from "#tools/renewals.ts";
import { counted } from "#tools/words.ts";
import { TOO_LONG_AGO, turnFor } from "./choosing.ts";
import { forTheirEyes } from "./lookup.ts";
import { type Press, presser, sayToPresser } from "./press.ts";

const MOST_ROWS = 5_000;

/** Looks a list up again, whole and with the presser's rights, and shares it as a CSV file where the list stands. */
export async function sendCsv(press: Press): Promise<void> {
  const { job, value, thread, userId } = press;
  const asker = thread ? await presser(press) : forTheirEyes(await presser(press));
  if (asker.actor.audience === "external") throw new AskAgain(NOT_BEFORE_STRANGERS);
  const turn = value?.turn === undefined ? null : await turnFor(job, asker, value.turn);
  const call = turn?.calls.findLast(({ tool }) => tool === portfolioTool.name || tool === renewalsTool.name);
  if (!call) throw new AskAgain(TOO_LONG_AGO);
  await job.house.ready(job.workspace);
  const found = await wholeList(call, job.house.context(job.workspace, asker.actor));
  const to = thread ?? { channel: await job.post.directMessage(userId) };
  await job.post.file("csv", to, {
    name: `${call.tool}-${found.asOf}.csv`,
    title: `${call.tool === renewalsTool.name ? "Renewals" : "Accounts"}, as of ${found.asOf}`,
    content: accountsCsv(found),
    text: saying(found),
  });
  if (!thread) await sayToPresser(press, "The file is in your direct messages with me.", "sent");
}

/** All rows of a list that showed some. Throws AskAgain where the list can no longer be asked for. */
async function wholeList({ tool, input }: ToolCall, context: ToolContext): Promise<PortfolioFinding> {
  if (tool === renewalsTool.name) {
    const read = renewalsTool.input.safeParse(input);
    if (read.success) return renewalsTool.run({ ...read.data, limit: MOST_ROWS }, context);
  } else {
    const read = portfolioTool.input.safeParse(input);
    if (read.success) return portfolioTool.run({ ...read.data, limit: MOST_ROWS, group_by: undefined }, context);
  }
  throw new AskAgain(TOO_LONG_AGO);
}

const saying = ({ count, accounts }: PortfolioFinding): string =>
  count > accounts.length
    ? `The first ${accounts.length.toLocaleString("en")} of ${count.toLocaleString("en")} accounts. Narrow the question for the rest.`
    : `${counted(count, "account")}.`;

type Listed = PortfolioFinding["accounts"][number];

const amount = (minor: number, currency: string): string => {
  const digits = minorDigits(currency);
  return (minor / 10 ** digits).toFixed(digits);
};

const COLUMNS: [title: string, cell: (account: Listed) => Cell][] = [
  ["Account", ({ name }) => name],
  ["Stage", ({ stage }) => stage],
  ["In stage since", ({ since }) => since],
  ["Owner", ({ owner }) => owner],
  ["Team", ({ team }) => team],
  ["MRR", ({ mrrMinor, currency }) => amount(mrrMinor, currency)],
  ["Currency", ({ currency }) => currency],
  ["Health", ({ health }) => health],
  ["Renewal", ({ renewsOn }) => renewsOn],
  ["Last contact", ({ lastTouchOn }) => lastTouchOn],
  ["NPS", ({ nps }) => nps],
  ["Open tickets", ({ openTickets }) => openTickets],
  ["Seats", ({ seats }) => seats],
  ["Overdue", ({ overdueMinor, currency }) => amount(overdueMinor, currency)],
];

/** Accounts as CSV, with a header. */
export function accountsCsv({ accounts }: Pick<PortfolioFinding, "accounts">): string {
  return csvOf([
    COLUMNS.map(([title]) => title),
    ...accounts.map((account) => COLUMNS.map(([, cell]) => cell(account))),
  ]);
}
