import type { Reading } from "#database/door.ts";
import { readFact } from "#lifecycle/derive.ts";
import { type AccountFacts, FACTS, type FactName } from "#lifecycle/facts.ts";
import type { Judgement, Reason } from "#lifecycle/judgement.ts";
import type { Pin } from "#stages/state.ts";
import type { ToolContext } from "./define-tool.ts";
import { type KeptOut, plainReasons, REASONS } from "./in-channel.ts";
import { type ShownReason, type Subject, showReasons, stageTitle } from "./subject.ts";
import { counted, doubtLines, reasonLine } from "./words.ts";

/** Where an account stands and why, as a tool tells it. */
export interface StageFinding {
  stage: string;
  name: string;
  since: string;
  daysInStage: number;
  expectedDays: number | null;
  model: string;
  says: string;
  reasons: ShownReason[];
  /** Dated facts beside the rule, where the rule rests on fewer than three. */
  context: ShownReason[];
  confidence: Judgement["confidence"];
  doubts: string[];
  lapsedSince: string | null;
  pending: { stage: string; since: string; seen: number; needed: number } | null;
  crmDiffers: { crmStage: string; readAs: string | null } | null;
  pin: (Pin & { name: string }) | null;
}

const FEWEST_DATED = 3; // a stage is explained by at least three dated facts where the data has them
/** What tells most about where an account stands, beside the rule that decided. */
const TELLING: FactName[] = [
  "mrr_minor",
  "last_inbound_on",
  "last_used_on",
  "last_invoice_paid_on",
  "renews_on",
  "nps_on",
  "open_opportunity_since",
  "last_touch_on",
  "first_touch_on",
  "created_on",
];

/** The stage with the reasons of its rule, and further dated facts where those are few. */
export async function stageFinding(
  rows: Reading,
  { judgement: j, pin, facts }: Subject,
  context: ToolContext,
): Promise<StageFinding> {
  const deciding = j.lapsed ? [...j.lapsed.rule.reasons, ...j.rule.reasons] : j.rule.reasons;
  // A rule may ask twice about one fact (at least 90 days ago, at most a year); it is told once.
  const reasons = [
    ...new Map(deciding.filter((each) => each.held === "yes").map((each) => [each.fact, each])).values(),
  ];
  const dated = reasons.filter((each) => each.evidence.rows.length > 0).length;
  const also = dated < FEWEST_DATED ? furtherFacts(facts, context.today, reasons).slice(0, FEWEST_DATED - dated) : [];
  return {
    stage: j.stage,
    name: j.stageName,
    since: j.since,
    daysInStage: j.daysInStage,
    expectedDays: j.expectedDays,
    model: context.knowledge.model.name,
    says: j.lapsed ? j.lapsed.rule.says : j.rule.says,
    reasons: await showReasons(rows, reasons, facts.currency),
    context: await showReasons(rows, also, facts.currency),
    confidence: j.confidence,
    doubts: j.doubts,
    lapsedSince: j.lapsed?.since ?? null,
    pending: j.pending && { ...j.pending, stage: stageTitle(context, j.pending.stage) },
    crmDiffers: j.crmDiffers && {
      ...j.crmDiffers,
      readAs: j.crmDiffers.readAs && stageTitle(context, j.crmDiffers.readAs),
    },
    pin: pin && { ...pin, name: stageTitle(context, pin.stage) },
  };
}

/** The same as a channel may see it. */
export const stageInChannel = (stage: StageFinding, kept: KeptOut): StageFinding => ({
  ...stage,
  reasons: plainReasons(stage.reasons, kept),
  context: plainReasons(stage.context, kept),
  pin: stage.pin && { ...stage.pin, reason: kept.of(stage.pin.reason, null, REASONS) },
});

function furtherFacts(facts: AccountFacts, day: string, told: readonly Reason[]): Reason[] {
  const seen = new Set(told.flatMap((each) => each.evidence.rows));
  return TELLING.filter((fact) => !told.some((each) => each.fact === fact)).flatMap((fact) => {
    const { value, evidence, doubt } = readFact(fact, facts, day);
    // A row that was told already would say the same in other words.
    if (value === null || evidence.rows.every((row) => seen.has(row))) return [];
    for (const row of evidence.rows) seen.add(row);
    return [{ fact, label: FACTS[fact].label, value, asked: "", held: "yes" as const, evidence, doubt }];
  });
}

const SURE = {
  sure: "That is sure",
  likely: "That is likely, not certain",
  thin: "That is thin: little data stands behind it",
};

/** The stage in lines: what it is, since when, because of which rows, and what is in doubt. */
export function stageLines(found: StageFinding): string[] {
  const length = `${counted(found.daysInStage, "day")}${found.expectedDays ? `, expected up to ${found.expectedDays}` : ""}`;
  const head = found.lapsedSince
    ? `Stage: **Lapsed** since ${found.lapsedSince} (was paying, pays no more); by its signs now in ${found.name}`
    : `Stage: **${found.name}** since ${found.since} (${length})`;
  return [
    ...(found.pin
      ? [
          `Stage: **${found.pin.name}**, pinned until ${found.pin.until}${found.pin.by ? ` by ${found.pin.by}` : ""}. The rules say:`,
        ]
      : []),
    head,
    `Why: ${found.says.replace(/\.$/, "")}. ${SURE[found.confidence]}.`,
    ...[...found.reasons, ...found.context].map((each) => `  - ${reasonLine(each)}`),
    ...(found.pending
      ? [`Next may be ${found.pending.stage}: seen on ${found.pending.seen} of ${found.pending.needed} days needed.`]
      : []),
    ...(found.crmDiffers
      ? [
          `The CRM says “${found.crmDiffers.crmStage}”${found.crmDiffers.readAs ? `, which would be ${found.crmDiffers.readAs}` : ""}.`,
        ]
      : []),
    ...doubtLines(found.doubts),
  ];
}
