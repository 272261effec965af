import { z } from "zod";
import { cancellingBetween, ledgerBefore, runningSubscriptions } from "#accounts/figures.ts";
import { groupFilterOf } from "#accounts/figures-groups.ts";
import { findAccount } from "#accounts/find.ts";
import { countingOf } from "#accounts/movements.ts";
import type { Reading } from "#database/door.ts";
import { AskAgain } from "#errors.ts";
import { addDays } from "#lifecycle/days.ts";
import type { Scope, Window } from "#metrics/figure.ts";
import type { LedgerRow } from "#metrics/ledger.ts";
import { windowOf } from "#metrics/weeks.ts";
import { titleOf } from "#reports/titles.ts";
import { defineTool, type ToolContext } from "./define-tool.ts";
import { accountsMeant, figureFilters, scopeOf } from "./figure-input.ts";
import { accountInput } from "./subject.ts";
import {
  changed,
  type Known,
  leaving,
  type Outcome,
  outcomeOf,
  type Standings,
  type Supposed,
  scheduledEnds,
  standingsOf,
  worthOf,
} from "./suppositions.ts";
import { sayWhatIf } from "./what-if-words.ts";
import { othersUntil } from "./window-parts.ts";
import { readWindow } from "./window-words.ts";
import { listed } from "./words.ts";

const whatIfInput = z.object({
  accounts: z.array(accountInput).min(1).max(20).describe("whom the supposition is about"),
  suppose: z.enum(["renew", "churn", "grow", "shrink"]).describe("what they are supposed to do"),
  percent: z.number().min(1).max(1000).optional().describe("for grow and shrink: by how many percent of their MRR"),
  window: z
    .string()
    .max(80)
    .optional()
    .describe(
      "the window of the roll-forward, running or to come; unless given, the running quarter, or for renewals as long as the last of them takes",
    ),
  filters: figureFilters.default({}),
});
type WhatIfAsked = z.output<typeof whatIfInput>;

export interface WhatIfFinding {
  /** It is supposed, not measured. */
  hypothetical: true;
  suppose: WhatIfAsked["suppose"];
  percent: number | null;
  title: string;
  scope: Scope;
  currency: string;
  accounts: Supposed[];
  /** Nothing happens but what is scheduled; then the supposition; then, for renewals, its opposite. */
  outcomes: Outcome[];
  differenceMinor: number;
  scheduled: { customers: number; amountMinor: number };
}

export const whatIfTool = defineTool({
  name: "what_if",
  title: "What if",
  description:
    "The roll-forward of a window under a supposition: named accounts renew, churn, grow or shrink. What is not named goes on as it is, and cancellations that are scheduled take place. Use for “what if these five renew?”, “what if Acme churns?”. It is a supposition, no forecast.",
  effect: "reads",
  input: whatIfInput,
  run: (input, context) => context.database.read(context.actor, (rows) => suppose(rows, input, context)),
  say: sayWhatIf,
});

async function suppose(rows: Reading, input: WhatIfAsked, context: ToolContext): Promise<WhatIfFinding> {
  const { today, zone, baseCurrency } = context;
  const { asked, filter } = await accountsMeant(rows, input.filters, context);
  const chosen = await accountsNamed(rows, input.accounts);
  const ids = chosen.map(({ id }) => id);
  const { window, title } = windowMeant(input, {
    running: await runningSubscriptions(rows, { ...asked, ids }, today),
    today,
  });
  const cancelling = await cancellingBetween(rows, asked, { today, before: window.end });
  const touched = { ...asked, ids: [...new Set([...ids, ...cancelling])] };
  const ledger = await ledgerBefore(rows, touched, { before: addDays(today, 1), zone });
  const standings = standingsOf(ledger, zone);
  mustPay(chosen, standings, filter);
  const running = await runningSubscriptions(rows, touched, today);
  const known: Known = { running, standings, window, today };
  const whole = { counting: await countingOf(rows), filter: await groupFilterOf(rows, asked) };
  const others = await othersUntil(rows, { window, today, counted: whole, ledger });
  const accounts = chosen.map((account) => supposed(account, known));
  const scheduled = scheduledEnds(known);
  const scope = scopeOf(window, context, filter);
  const outcome = outcomeOf({ ledger, others, window, zone, currency: baseCurrency, scope });
  const outcomes = suppositionsOf(input, { accounts, scheduled, standings }).map(([words, happens]) =>
    outcome(words, happens),
  );
  // A renewal is held against its opposite, anything else against what is scheduled.
  const against = outcomes[input.suppose === "renew" ? 2 : 0]!;
  return {
    hypothetical: true,
    suppose: input.suppose,
    percent: input.percent ?? null,
    title,
    scope,
    currency: baseCurrency,
    accounts,
    outcomes,
    differenceMinor: outcomes[1]!.rollForward.closingMinor - against.rollForward.closingMinor,
    scheduled: {
      customers: new Set(scheduled.map(({ accountId }) => accountId)).size,
      amountMinor: scheduled.reduce((sum, { baseDeltaMinor }) => sum + baseDeltaMinor, 0),
    },
  };
}

interface Named {
  id: number;
  name: string;
}

/** The accounts named, each once. Throws AskAgain, with choices, for a name of several. */
async function accountsNamed(rows: Reading, said: readonly string[]): Promise<Named[]> {
  const chosen = new Map<number, { id: number; name: string }>();
  for (const each of said) {
    const { id, name } = await findAccount(rows, each);
    chosen.set(id, { id, name });
  }
  return [...chosen.values()];
}

/** Throws AskAgain where one pays nothing. */
function mustPay(chosen: readonly Named[], standings: Standings, filter: string): void {
  const free = chosen.filter(({ id }) => worthOf(standings.get(id)) <= 0).map(({ name }) => name);
  if (free.length === 0) return;
  const among = filter === "all accounts" ? "" : ` among ${filter}`;
  throw new AskAgain(
    `${listed(free)} ${free.length === 1 ? "pays" : "pay"} nothing${among}, so there is nothing to suppose. Name paying accounts.`,
  );
}

interface Supposing {
  accounts: Supposed[];
  scheduled: LedgerRow[];
  standings: Standings;
}

/** What happens from today on: as scheduled, as supposed, and for renewals the opposite. */
function suppositionsOf(
  input: WhatIfAsked,
  { accounts, scheduled, standings }: Supposing,
): [words: string, happens: LedgerRow[]][] {
  const named = new Set(accounts.map(({ id }) => id));
  const others = scheduled.filter(({ accountId }) => !named.has(accountId));
  const leave = [...others, ...accounts.flatMap(({ id, countedOn }) => leaving(id, countedOn, standings))];
  const { suppose: what, percent = USUAL_PERCENT } = input;
  const share = (what === "grow" ? percent : -Math.min(percent, 100)) / 100;
  const happens = { renew: others, churn: leave, grow: [...others, ...changed(accounts, share, standings)] };
  return [
    ["as scheduled", scheduled],
    [suppositionWords(input), happens[what === "shrink" ? "grow" : what]],
    ...(what === "renew" ? [["if they leave instead", leave] satisfies [string, LedgerRow[]]] : []),
  ];
}

const USUAL_PERCENT = 10;

const suppositionWords = ({ suppose: what, percent = USUAL_PERCENT }: WhatIfAsked): string =>
  ({
    renew: "if they renew",
    churn: "if they churn",
    grow: `if they grow by ${percent}%`,
    shrink: `if they shrink by ${percent}%`,
  })[what];

/** The window asked for; else the running quarter, for renewals made longer until the last of those that run has renewed. Throws AskAgain when it is over. */
function windowMeant(
  { window: said, suppose: what }: WhatIfAsked,
  { running, today }: Pick<Known, "running" | "today">,
): { window: Window; title: string } {
  if (said) {
    const { window, interval } = readWindow(said, { today });
    if (window.end <= today)
      throw new AskAgain(`${said} is over; suppose something of a window that still runs, such as “this quarter”.`);
    return { window, title: titleOf(window, interval) };
  }
  const { start, end } = windowOf(today, "quarter");
  if (what !== "renew") return { window: { start, end }, title: titleOf({ start, end }, "quarter") };
  const renewals = running.flatMap(({ renewsOn }) => (renewsOn && renewsOn >= today ? [renewsOn] : []));
  const last = renewals.sort().at(-1);
  const window = { start, end: last && last >= end ? windowOf(last, "quarter").end : end };
  return { window, title: titleOf(window, window.end === end ? "quarter" : null) };
}

function supposed({ id, name }: { id: number; name: string }, { running, standings, window, today }: Known): Supposed {
  const mine = running.filter(({ accountId }) => accountId === id);
  const day = (key: "renewsOn" | "endsOn") =>
    mine
      .map((each) => each[key])
      .filter((each) => each !== null && each >= today)
      .sort()[0] ?? null;
  const [renewsOn, endsOn] = [day("renewsOn"), day("endsOn")];
  const wanted = endsOn ?? renewsOn;
  const countedOn = wanted && wanted > today && wanted < window.end ? wanted : addDays(window.end, -1);
  return { id, name, mrrMinor: worthOf(standings.get(id)), renewsOn, endsOn, countedOn };
}
