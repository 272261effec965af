import { formatMoney } from "#money.ts";
import { scopeWords } from "#tools/figure-words.ts";
import type { LifecycleMapFinding, MapStage } from "#tools/lifecycle-map.ts";
import { counted } from "#tools/words.ts";
import { ACTIONS } from "../actions.ts";
import type { Block, Look } from "../message.ts";
import { daysIn } from "./days.ts";
import { button, buttonRow, context, lineSections, type More, section } from "./elements.ts";
import { lineIn, nameIn, ownLineIn, quoteIn } from "./outside-text.ts";
import { number, table, words } from "./tables.ts";

const MOST_TOUCHPOINTS = 19; // and the stage: twenty columns

/** The lifecycle map: touches by stage and touchpoint, and under it what hurts in each stage and what could be done. */
export function mapCard(found: LifecycleMapFinding, _: Look, more: More = {}): Block[] {
  const { asked, stages, model, scope, doubts } = found;
  const notes = [
    lineIn(
      `A touch counts for the stage in which the account was on its day; accounts and opportunities are as of today. Model ${model}. ${daysIn(scopeWords(scope))}.`,
      600,
    ),
    ...doubts.map((each) => ownLineIn(daysIn(each), 600)),
  ];
  return [
    ...(more.compact ? [] : [section(`*Lifecycle map*, ${lineIn(daysIn(asked.title))}: touches by stage`)]),
    ...touchTable(found),
    ...lineSections(stages.flatMap((stage) => stageLines(stage, found.currency))),
    context(notes.join("\n")),
    ...(more.turn === undefined || found.touchpoints.length === 0
      ? []
      : buttonRow([
          button({
            text: "Picture",
            action: ACTIONS.reportPicture,
            value: { turn: more.turn },
            label: "The lifecycle map as a picture",
          }),
        ])),
  ];
}

function touchTable({ stages, touchpoints, cells, asked }: LifecycleMapFinding): Block[] {
  const shown = touchpoints.slice(0, MOST_TOUCHPOINTS);
  if (shown.length === 0 || stages.length === 0) return [section("Nothing happened in this window.")];
  const touches = (stage: string, touchpoint: string): number =>
    cells.find((cell) => cell.stage === stage && cell.touchpoint === touchpoint)?.touches ?? 0;
  return [
    table(
      { caption: `Touches by stage, ${daysIn(asked.title)}`, titles: ["Stage", ...shown.map(({ title }) => title)] },
      stages.map(({ id, name }) => [words(name), ...shown.map((each) => number(touches(id, each.id)))]),
    ).block,
  ];
}

function stageLines({ name, accounts, baseMrrMinor, pains, opportunities }: MapStage, currency: string): string[] {
  const hurts = pains.map(({ what, count }) => `${count} × ${lineIn(what)}`).join("; ") || "no tickets or complaints";
  const chances = opportunities.map(({ what, accounts: n }) => `${n} ${lineIn(what)}`).join("; ") || "none seen";
  return [
    `*${lineIn(name)}* — ${counted(accounts, "account")}, MRR ${formatMoney(baseMrrMinor, currency)}`,
    `• _Pain points:_ ${hurts}`,
    ...pains.flatMap(({ comments }) =>
      comments.map((each) => `> ${nameIn(each.name)}, ${daysIn(each.on)}, ${each.score}: ${quoteIn(each.comment)}`),
    ),
    `• _Opportunities:_ ${chances}`,
  ];
}
