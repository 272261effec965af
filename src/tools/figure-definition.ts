import { z } from "zod";
import { defineTool } from "./define-tool.ts";
import { DEFINED, type Definition, definitionOf } from "./definitions.ts";

export interface DefinitionFinding {
  definitions: Definition[];
  zone: string;
}

export const figureDefinitionTool = defineTool({
  name: "figure_definition",
  title: "What a figure means",
  description:
    "How a figure is defined here, with its formula and what surprises about it: MRR, ARR, NRR, GRR, churn rates, quick ratio, ARPA, CLV, NPS, health, churn risk and more. Use for “how do you compute NRR?”, “difference between GRR and NRR”. For the value of a figure use compare_figures.",
  effect: "reads",
  input: z.object({ names: z.array(z.enum(DEFINED)).min(1).max(8).describe("what to explain") }),
  run: async ({ names }, { zone }): Promise<DefinitionFinding> => ({
    definitions: names.map(definitionOf).filter((each) => each !== null),
    zone,
  }),
  say: ({ definitions, zone }) =>
    [
      ...definitions.map(
        ({ title, formula, says }) => `**${title}**${formula ? ` = ${formula}` : ""}${formula ? ". " : ": "}${says}`,
      ),
      `Windows are whole days of ${zone}; money in other currencies counts at the rate of each change's day. Every figure says its window and definition.`,
    ].join("\n"),
});
