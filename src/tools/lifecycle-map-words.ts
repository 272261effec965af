import { SILENT_DAYS, type StageChances } from "#accounts/touchpoints.ts";
import { formatMoney } from "#money.ts";
import { scopeWords } from "./figure-words.ts";
import type { LifecycleMapFinding, MapStage } from "./lifecycle-map.ts";
import { counted, quoted } from "./words.ts";

/** What a stage offers today, most accounts first; nothing where nobody is. */
export function chancesOf(here: StageChances): MapStage["opportunities"] {
  const all = [
    { what: "have an open opportunity", accounts: here.openOpportunities },
    { what: "are promoters that have made no referral or review", accounts: here.promotersWithoutReferral },
    { what: `pay and had no contact for more than ${SILENT_DAYS} days`, accounts: here.silent },
    { what: "pay, and their champion has left", accounts: here.championsGone },
    { what: "pay and use fewer than half of their seats", accounts: here.idleSeats },
  ];
  return all.filter(({ accounts }) => accounts > 0).sort((a, b) => b.accounts - a.accounts);
}

/** The map in words: a table of touches, then pains and opportunities of each stage. */
export function sayMap(found: LifecycleMapFinding): string {
  const { asked, scope, stages, doubts, model } = found;
  return [
    `**Lifecycle map**, ${asked.title}: touches by stage.`,
    ...table(found),
    ...stages.flatMap((stage) => stageWords(stage, found.currency)),
    `Definition: a touch counts for the stage in which the account was on its day; product use counts days, billing counts invoices; accounts and opportunities are as of today; churned accounts are in no stage. Model ${model}. Window: ${scopeWords(scope)}.`,
    ...doubts.map((doubt) => `Note: ${doubt}`),
  ].join("\n");
}

function table({ stages, touchpoints, cells }: LifecycleMapFinding): string[] {
  if (touchpoints.length === 0) return ["Nothing happened in this window."];
  const touches = (stage: string, touchpoint: string) =>
    cells.find((cell) => cell.stage === stage && cell.touchpoint === touchpoint)?.touches ?? 0;
  return [
    `| Stage | ${touchpoints.map(({ title }) => title).join(" | ")} |`,
    `| --- | ${touchpoints.map(() => "---:").join(" | ")} |`,
    ...stages.map(({ id, name }) => `| ${name} | ${touchpoints.map((each) => touches(id, each.id)).join(" | ")} |`),
  ];
}

function stageWords({ name, accounts, baseMrrMinor, pains, opportunities }: MapStage, currency: string): string[] {
  const hurts =
    pains.length === 0 ? "no tickets or complaints" : pains.map(({ what, count }) => `${count} × ${what}`).join("; ");
  const chances =
    opportunities.length === 0 ? "none seen" : opportunities.map(({ what, accounts: n }) => `${n} ${what}`).join("; ");
  return [
    `- **${name}** — ${counted(accounts, "account")}, MRR ${formatMoney(baseMrrMinor, currency)}. Pain points: ${hurts}. Opportunities: ${chances}.`,
    ...pains.flatMap(({ comments }) =>
      comments.map(({ name: who, on, score, comment }) => `  - ${who}, ${on}, ${score}: ${quoted(comment)}`),
    ),
  ];
}
