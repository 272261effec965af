import type { stageGuideTool } from "#tools/stage-guide.ts";
import { counted, listed } from "#tools/words.ts";
import type { Block, Look } from "../message.ts";
import { lineSections, type More, section } from "./elements.ts";
import { lineIn } from "./outside-text.ts";

export type GuideFinding = Awaited<ReturnType<typeof stageGuideTool.run>>;

/** The stages of the lifecycle model; a single one with what helps there and what is forbidden. */
export function stageGuideCard({ model, stages, lapsed }: GuideFinding, _: Look, __: More = {}): Block[] {
  const [only, ...others] = stages;
  if (only && others.length === 0) {
    const { name, objective, accounts, expectedDays, allowed, forbidden } = only;
    return [
      section(
        `*${lineIn(name)}* — ${counted(accounts, "account")}${expectedDays ? `, expected up to ${counted(expectedDays, "day")}` : ""}\n${lineIn(objective)}`,
      ),
      ...lineSections([
        `*Helps:* ${lineIn(listed(allowed), 1_000) || "nothing is named"}`,
        ...forbidden.map(({ move, because }) => `⛔ *${lineIn(move)}:* ${lineIn(because)}`),
      ]),
    ];
  }
  return [
    section(`*Stages of the model ${lineIn(model)}*`),
    ...lineSections([
      ...stages.map(
        ({ name, objective, accounts }) =>
          `• *${lineIn(name)}* — ${counted(accounts, "account")}. ${lineIn(objective)}`,
      ),
      `• *Lapsed* — ${counted(lapsed, "account")} that paid once and pay no more`,
    ]),
  ];
}
