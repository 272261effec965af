import { z } from "zod";
import { AskAgain } from "#errors.ts";
import { shutGates } from "#lifecycle/gates.ts";
import type { Move, Moves } from "#lifecycle/model.ts";
import { stageOf } from "#lifecycle/model.ts";
import { defineTool } from "./define-tool.ts";
import { accountInput, subjectOf } from "./subject.ts";
import { listed, spellingNote } from "./words.ts";

export const checkMoveTool = defineTool({
  name: "check_move",
  title: "May we?",
  description:
    "Whether a move (discount, time-limited offer, upsell, referral, review, demo, newsletter …) suits one account now: what its stage allows and forbids, and why, and what holds it back. Use for “may I offer … a discount?” and before anything is promised.",
  effect: "reads",
  tellsRules: true,
  input: z.object({
    account: accountInput,
    move: z.string().min(2).max(80).describe("what somebody wants to do, in a word or two: “discount”, “case study”"),
  }),
  run: ({ account: said, move: wanted }, context) =>
    context.database.read(context.actor, async (rows) => {
      const { model, moves } = context.knowledge;
      const usual = movesCalled(wanted, moves);
      const meant = usual ?? movesMeant(wanted, moves);
      const { account, judgement, facts } = await subjectOf(rows, said, context);
      const stage = stageOf(model, judgement.stage)!; // the judge names a stage of this model
      const allowed = judgement.lapsed ? model.lapsed.moves : stage.moves.allowed;
      const { shut } = shutGates(facts, context.today);
      const verdicts = meant.map((move) => {
        const forbidden = stage.moves.forbidden.find((each) => each.move === move.id);
        const gate = shut.find((each) => each.closes(move));
        if (forbidden) return { move: move.title, verdict: "no" as const, because: forbidden.because, until: null };
        if (!allowed.includes(move.id))
          return {
            move: move.title,
            verdict: "no" as const,
            because: "The stage does not name it among its moves",
            until: null,
          };
        if (gate) return { move: move.title, verdict: "not now" as const, because: gate.says, until: gate.until };
        return {
          move: move.title,
          verdict: "yes" as const,
          because: "The stage allows it, and nothing holds it back",
          until: null,
        };
      });
      return {
        account,
        stage: judgement.lapsed ? "Lapsed" : judgement.stageName,
        since: judgement.lapsed?.since ?? judgement.since,
        objective: judgement.objective,
        /** What was asked for, where it counts as a move of another name. */
        saidAs: usual ? wanted : null,
        verdicts,
      };
    }),
  say: ({ account, stage, since, objective, saidAs, verdicts }) =>
    [
      `${spellingNote(account)}**${account.name}** is in ${stage} since ${since}.`,
      ...(saidAs ? [`A ${saidAs} counts as “${verdicts[0]!.move}”.`] : []),
      ...verdicts.map(
        ({ move, verdict, because, until }) =>
          `- ${move}: **${verdict}**. ${because.replace(/\.$/, "")}${until ? `, until ${until}` : ""}.`,
      ),
      `Objective of the stage: ${objective}`,
    ].join("\n"),
});

const MOST_MOVES = 4;

/** What people call a move that has another name here, by the move's id. */
const CALLED: Record<string, string> = {
  proposal: "clear_pricing",
  quote: "clear_pricing",
  call: "personal_check_in",
  visit: "personal_check_in",
};

/** The move that these words are usual for; null where they are not, or the workspace's moves lack it. */
function movesCalled(wanted: string, moves: Moves): Move[] | null {
  const move = moves.get(CALLED[wanted.toLowerCase().trim()] ?? "");
  return move ? [move] : null;
}

/** The moves whose id or title has the words. Throws AskAgain with the moves there are. */
function movesMeant(wanted: string, moves: Moves): Move[] {
  const words = wanted.toLowerCase().match(/\p{L}+/gu) ?? [];
  const scored = [...moves.values()].map((move) => ({
    move,
    hits: words.filter((word) => named(move).some((each) => each.startsWith(stem(word)))).length,
  }));
  const best = Math.max(0, ...scored.map(({ hits }) => hits));
  if (best === 0)
    throw new AskAgain(
      `I know no move “${wanted}”. There are: ${listed([...moves.values()].map(({ title }) => title.toLowerCase()))}.`,
    );
  return scored
    .filter(({ hits }) => hits === best)
    .map(({ move }) => move)
    .slice(0, MOST_MOVES);
}

const named = ({ id, title }: Move): string[] => `${id} ${title}`.toLowerCase().match(/\p{L}+/gu) ?? [];
const stem = (word: string): string => (word.length > 4 ? word.replace(/(?:ing|s)$/, "") : word);
