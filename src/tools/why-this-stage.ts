import { z } from "zod";
import { transitionsOf } from "#stages/state.ts";
import { defineTool } from "./define-tool.ts";
import { KeptOut, plainReasons } from "./in-channel.ts";
import { stageFinding, stageInChannel, stageLines } from "./stage-finding.ts";
import { accountInput, showReasons, stageTitle, subjectOf } from "./subject.ts";
import { reasonLine, spellingNote } from "./words.ts";

export const whyThisStageTool = defineTool({
  name: "why_this_stage",
  title: "Why this stage",
  description:
    "The lifecycle stage of one account, since when, the rules and dated rows behind it, what is missing for the next stage, and its earlier stages. Use for “what stage is …?” and “why?”.",
  effect: "reads",
  input: z.object({ account: accountInput }),
  run: ({ account: said }, context) =>
    context.database.read(context.actor, async (rows) => {
      const subject = await subjectOf(rows, said, context);
      const { judgement, account } = subject;
      const nearest = judgement.nearest && {
        stage: stageTitle(context, judgement.nearest.stage),
        missing: await showReasons(
          rows,
          judgement.nearest.reasons.filter((each) => each.held !== "yes"),
          subject.facts.currency,
        ),
      };
      const history = (await transitionsOf(rows, account.id, context.knowledge.model.id)).map(
        ({ to, from, enteredOn, says }) => ({
          to: stageTitle(context, to),
          from: from && stageTitle(context, from),
          enteredOn,
          says,
        }),
      );
      return {
        account,
        stage: await stageFinding(rows, subject, context),
        objective: judgement.objective,
        nearest,
        history,
      };
    }),
  say: ({ account, stage, objective, nearest, history }) => {
    const lines = [
      `${spellingNote(account)}**${account.name}**`,
      ...stageLines(stage),
      `Objective of the stage: ${objective}`,
      nearest && `For ${nearest.stage} it lacks:`,
      ...(nearest?.missing ?? []).map((each) => `  - ${reasonLine(each)}`),
      history.length > 1 &&
        `Earlier: ${history
          .slice(1)
          .map(({ to, enteredOn }) => `${to} from ${enteredOn}`)
          .join(", ")}`,
    ];
    return lines.filter(Boolean).join("\n");
  },
  inChannel: (found) => {
    const kept = new KeptOut();
    const stage = stageInChannel(found.stage, kept);
    const nearest = found.nearest && { ...found.nearest, missing: plainReasons(found.nearest.missing, kept) };
    return { finding: { ...found, stage, nearest }, keptOut: kept.words };
  },
});
