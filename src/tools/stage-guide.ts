import { z } from "zod";
import { portfolio } from "#accounts/portfolio.ts";
import { AskAgain } from "#errors.ts";
import { defineTool } from "./define-tool.ts";
import { counted, listed } from "./words.ts";

export const stageGuideTool = defineTool({
  name: "stage_guide",
  title: "Stage guide",
  description:
    "The stages of the workspace's lifecycle model: what each is for, what helps, what is forbidden there and why, and how many accounts stand in it. Use for “what does consideration mean?”, “may I offer a discount in …?”, “how many accounts are in each stage?”.",
  effect: "reads",
  tellsRules: true,
  input: z.object({ stage: z.string().max(60).optional().describe("one stage; all of them unless given") }),
  run: async ({ stage: said }, { database, actor, today, knowledge: { model, moves } }) => {
    const chosen = model.stages.filter(
      ({ id, name }) => !said || [id, name.toLowerCase()].includes(said.trim().toLowerCase()),
    );
    if (chosen.length === 0)
      throw new AskAgain(
        `There is no stage “${said}” in the model ${model.name}. There are: ${model.stages.map(({ name }) => name).join(", ")}.`,
      );
    const { groups } = await database.read(actor, (rows) =>
      portfolio(rows, { model: model.id, today, sort: "name", limit: 1, groupBy: "stage" }),
    );
    const title = (move: string) => moves.get(move)?.title ?? move;
    const count = (stage: string) => groups.find(({ value }) => value === stage)?.accounts ?? 0;
    return {
      model: model.name,
      lapsed: count("lapsed"),
      stages: chosen.map(({ id, name, objective, expectedDays, moves: { allowed, forbidden } }) => ({
        id,
        name,
        objective,
        expectedDays,
        accounts: count(id),
        allowed: allowed.map(title),
        forbidden: forbidden.map(({ move, because }) => ({ move: title(move), because })),
      })),
    };
  },
  say: ({ model, stages, lapsed }) =>
    [
      `Model ${model}:`,
      ...stages.flatMap(({ name, objective, accounts, allowed, forbidden }) => [
        `**${name}** — ${counted(accounts, "account")}. ${objective}`,
        ...(stages.length > 1
          ? []
          : [
              `- Helps: ${listed(allowed)}`,
              ...forbidden.map(({ move, because }) => `- Not here: ${move}. ${because}`),
            ]),
      ]),
      ...(stages.length > 1 ? [`**Lapsed** — ${counted(lapsed, "account")} that paid once and pay no more`] : []),
    ].join("\n"),
});
