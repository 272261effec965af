import { z } from "zod";
import { wholeAccount } from "#accounts/overview.ts";
import { lastWords, type Word } from "#accounts/said.ts";
import { readFact } from "#lifecycle/derive.ts";
import { defineTool, type ToolContext } from "./define-tool.ts";
import { type DetailLine, plainLine } from "./detail-line.ts";
import { DETAILS, type Detail, RESTS_ON, TELL } from "./detail-lines.ts";
import { KeptOut } from "./in-channel.ts";
import { accountInput, type Subject, subjectOf } from "./subject.ts";
import { doubtLines, quoted, spellingNote } from "./words.ts";

const WORDS_OF_EACH = 3; // of the customer and of us; whoever wants more asks for the timeline
const A_FEW = 5; // details; whoever asks for more wants to see them side by side
const LONGEST_QUOTE = 320;
const WANT_WORDS: readonly Detail[] = ["said", "last_contact"];

export const accountDetailTool = defineTool({
  name: "account_detail",
  title: "One thing about an account",
  description:
    "Just what was asked of one account: stage, open tickets, renewal, MRR and plan, how long a customer, health and its parts, usage, open deals, open tasks, contacts (champion, decision maker), last contact, what the customer said last, NPS, invoices, where they came from. Use for “any open tickets?”, “when is their renewal?”, “who is my contact there?”, “what did they say last?”; for the whole picture account_overview.",
  effect: "reads",
  input: z.object({
    account: accountInput,
    about: z.array(z.enum(DETAILS)).min(1).max(DETAILS.length).describe("what is asked, one or several"),
  }),
  run: ({ account: said, about }, context) =>
    context.database.read(context.actor, async (rows) => {
      const { today } = context;
      const subject = await subjectOf(rows, said, context);
      const { id } = subject.account;
      const words: Word[] = about.some((each) => WANT_WORDS.includes(each))
        ? await lastWords(rows, { accountId: id, until: today, each: WORDS_OF_EACH })
        : [];
      const brief = about.length > A_FEW;
      const whole = about.includes("contacts") ? await wholeAccount(rows, id) : null;
      return {
        account: subject.account,
        details: about.map((each) => ({ about: each, lines: TELL[each]({ subject, today, whole, words, brief }) })),
        doubts: doubtsOf(about, subject, context),
      };
    }),
  say: ({ account, details, doubts }) =>
    [
      `${spellingNote(account)}**${account.name}**`,
      ...details.flatMap(({ lines }) => lines.map((each) => `- ${detailWords(each)}`)),
      ...doubtLines(doubts),
    ].join("\n"),
  inChannel: (found) => {
    const kept = new KeptOut();
    const details = found.details.map((each) => ({ ...each, lines: each.lines.map((line) => plainLine(line, kept)) }));
    return { finding: { ...found, details }, keptOut: kept.words };
  },
});

const detailWords = ({ says, quote }: DetailLine): string =>
  quote ? `${says}: ${quoted(quote, LONGEST_QUOTE)}` : says;

/** How old the data behind it is, where it is old or has no source. */
function doubtsOf(about: readonly Detail[], { facts }: Subject, { today }: ToolContext): string[] {
  const doubts = about.flatMap((each) => {
    const fact = RESTS_ON[each];
    return fact ? (readFact(fact, facts, today).doubt ?? []) : [];
  });
  return [...new Set(doubts)];
}
