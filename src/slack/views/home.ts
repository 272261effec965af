import type { HomeView } from "@slack/types";
import { formatMoney } from "#money.ts";
import type { MyTask } from "#people/my-tasks.ts";
import type { Because, NeedsMe } from "#people/needs-me.ts";
import type { PersonSettings } from "#people/settings.ts";
import { counted } from "#tools/words.ts";
import { ACTIONS, numbered } from "../actions.ts";
import type { Block, Look } from "../message.ts";
import { dayFrom, dayIn, momentIn } from "./days.ts";
import { button, buttonRow, context, header, section } from "./elements.ts";
import { EXAMPLES } from "./help.ts";
import { LIMITS, uniqueActions } from "./limits.ts";
import { lineIn, nameIn, plainLine, quoteIn } from "./outside-text.ts";
import { refusalBlocks } from "./refusal.ts";

/** A question that was asked lately. `turn`: the one that a press asks again; null: it cannot be. */
export interface AskedLately {
  question: string;
  /** ISO, with time. */
  askedAt: string;
  turn: number | null;
}

export interface HomeParts {
  name: string;
  /** Whether the CRM names the person as an owner of accounts. */
  ownsAccounts: boolean;
  needsMe: readonly NeedsMe[];
  tasks: readonly MyTask[];
  asked: readonly AskedLately[];
  settings: PersonSettings;
  /** What the workspace has, for those who own nothing: accounts, and the day of the data. */
  workspace: { accounts: number; model: string; dataFrom: string | null };
  isAdmin: boolean;
}

const SHOWN = { accounts: 10, tasks: 10, asked: 5 };
const DIGESTS = { off: "no digest", daily: "a digest every day", weekly: "a digest every week" };

/** App Home: what needs the person, what is open, what was asked, and how it is set. */
export function homeView(parts: HomeParts, look: Look): HomeView {
  return home([
    header(`Hello ${plainLine(parts.name, 80) || "there"}`),
    ...buttonRow([
      button({
        text: "Look up an account",
        action: ACTIONS.homeLookUp,
        value: {},
        label: "Look up an account",
        style: "primary",
      }),
      button({ text: "Settings", action: ACTIONS.settings, value: {}, label: "Open your settings" }),
    ]),
    ...(parts.ownsAccounts ? needsBlocks(parts, look) : newcomerBlocks(parts)),
    ...taskBlocks(parts, look),
    ...askedBlocks(parts, look),
    { type: "divider" },
    context(settingsWords(parts, look)),
  ]);
}

/** App Home where something failed: never blank. */
export const homeFault = (sentence: string): HomeView => home([header("Perennial"), ...refusalBlocks(sentence)]);

function home(blocks: readonly Block[]): HomeView {
  return { type: "home", blocks: uniqueActions(blocks.slice(0, LIMITS.viewBlocks)) };
}

function needsBlocks({ needsMe, workspace }: HomeParts, { today }: Look): Block[] {
  const head = header("Accounts that need me");
  if (needsMe.length === 0)
    return [
      head,
      section(
        `None today: no renewal within 30 days, no step back, no silence, nothing overdue${workspace.dataFrom ? `. Data as of ${dayIn(workspace.dataFrom)}` : ""}.`,
      ),
    ];
  const rest = needsMe.length - SHOWN.accounts;
  return [
    head,
    ...needsMe.slice(0, SHOWN.accounts).flatMap(({ accountId, name, because, mrrMinor, currency }) => [
      section(`*${nameIn(name)}*  ·  MRR ${formatMoney(mrrMinor, currency)}\n${becauseOf(because, today)}`),
      ...buttonRow([
        button({
          text: "Open",
          action: ACTIONS.overview,
          value: { account: accountId },
          label: `Overview of ${plainLine(name, 60)}`,
        }),
        button({
          text: "Next steps",
          action: ACTIONS.nextSteps,
          value: { account: accountId },
          label: `Next steps for ${plainLine(name, 55)}`,
        }),
      ]),
    ]),
    ...(rest > 0 ? [context(`and ${rest} more`)] : []),
  ];
}

/** Why an account needs its owner, with the day. */
export function becauseOf(because: Because, today: string): string {
  switch (because.kind) {
    case "renewal":
      return because.cancelled
        ? `Cancelled: the paid term ends ${dayFrom(because.renewsOn, today)}`
        : `Renews ${dayFrom(because.renewsOn, today)}`;
    case "regressed":
      return `Went back from ${lineIn(because.from.name)} to ${lineIn(because.to.name)} on ${dayFrom(because.on, today)}`;
    case "tickets":
      return `${[because.urgent > 0 && counted(because.urgent, "urgent ticket"), because.high > 0 && counted(because.high, "high-priority ticket")].filter((each) => !!each).join(" and ")} open, the oldest since ${dayFrom(because.oldestOn, today)}`;
    case "overdue":
      return `${formatMoney(because.overdueMinor, because.currency)} overdue${because.since ? ` since ${dayFrom(because.since, today)}` : ""}`;
    case "silent":
      return because.lastTouchOn ? `No contact since ${dayFrom(because.lastTouchOn, today)}` : "No contact on record";
  }
}

function newcomerBlocks({ workspace, isAdmin }: HomeParts): Block[] {
  const what =
    workspace.accounts === 0
      ? `There are no accounts here yet. ${isAdmin ? "Import them with `perennial import`, or load the sample company with `perennial seed`." : "The person who installed Perennial can import them."}`
      : `Perennial knows ${counted(workspace.accounts, "account")} of this workspace${workspace.dataFrom ? `, with data as of ${dayIn(workspace.dataFrom)}` : ""}. The CRM names none of them as yours, so ask about any:`;
  return [section([what, ...(workspace.accounts === 0 ? [] : EXAMPLES.map((each) => `• ${each}`))].join("\n"))];
}

function taskBlocks({ tasks, ownsAccounts }: HomeParts, { today }: Look): Block[] {
  if (tasks.length === 0 && !ownsAccounts) return [];
  const lines = tasks.slice(0, SHOWN.tasks).map(({ title, dueOn, isLate, account }) => {
    const due = dueOn ? `${isLate ? "*late:* " : ""}due ${dayFrom(dueOn, today)}` : "without a day";
    return `• ${lineIn(title, 150)}${account ? ` — ${nameIn(account.name)}` : ""}, ${due}`;
  });
  const rest = tasks.length - SHOWN.tasks;
  return [
    header("My open tasks"),
    section(lines.length === 0 ? "No open task." : [...lines, ...(rest > 0 ? [`and ${rest} more`] : [])].join("\n")),
  ];
}

function askedBlocks({ asked }: HomeParts, { zone }: Look): Block[] {
  if (asked.length === 0) return [];
  return [
    header("Asked lately"),
    ...asked.slice(0, SHOWN.asked).map(({ question, askedAt, turn }, at) =>
      section(
        `${quoteIn(question, 200) || "“–”"}\n${momentIn(askedAt, zone)}`,
        turn === null
          ? undefined
          : button({
              text: "Ask again",
              action: numbered(ACTIONS.homeAsk, at + 1),
              value: { turn },
              label: `Ask again: ${plainLine(question, 60)}`,
            }),
      ),
    ),
  ];
}

const settingsWords = ({ settings, workspace, isAdmin }: HomeParts, { zone }: Look): string =>
  [
    `Time zone ${lineIn(settings.zone ?? zone)}`,
    DIGESTS[settings.digest],
    isAdmin && `lifecycle model ${lineIn(workspace.model)}`,
  ]
    .filter((each) => typeof each === "string")
    .join("  ·  ");
