import type { Reading } from "#database/door.ts";
import type { Judgement } from "#lifecycle/judgement.ts";
import type { Pin } from "#stages/state.ts";
import type { ToolContext } from "./define-tool.ts";
import { type ShownReason, type Subject, showReasons, stageTitle } from "./subject.ts";
import { counted, reasonLine } from "./words.ts";

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
  confidence: Judgement["confidence"];
  doubts: string[];
  lapsedSince: string | null;
  pending: { stage: string; since: string; seen: number; needed: number } | null;
  crmDiffers: { crmStage: string; readAs: string | null } | null;
  pin: (Pin & { name: string }) | null;
}

const FEWEST_REASONS = 3; // a stage is explained by at least three dated facts where the data has them

/** The stage with the reasons of its rule, filled up from its other rules that held. */
export async function stageFinding(rows: Reading, { judgement: j, pin }: Subject, context: ToolContext): Promise<StageFinding> {
  const deciding = j.lapsed ? [...j.lapsed.rule.reasons, ...j.rule.reasons] : j.rule.reasons;
  const held = deciding.filter((each) => each.held === "yes");
  const more = j.alsoHeld.flatMap((each) => each.reasons).filter((each) => each.held === "yes");
  const known = new Map([...held, ...more].map((each) => [each.fact, each]));
  const shown = [...known.values()].slice(0, Math.max(FEWEST_REASONS, held.length));
  return {
    stage: j.stage,
    name: j.stageName,
    since: j.since,
    daysInStage: j.daysInStage,
    expectedDays: j.expectedDays,
    model: context.knowledge.model.name,
    says: j.lapsed ? j.lapsed.rule.says : j.rule.says,
    reasons: await showReasons(rows, shown),
    confidence: j.confidence,
    doubts: j.doubts,
    lapsedSince: j.lapsed?.since ?? null,
    pending: j.pending && { ...j.pending, stage: stageTitle(context, j.pending.stage) },
    crmDiffers: j.crmDiffers && { ...j.crmDiffers, readAs: j.crmDiffers.readAs && stageTitle(context, j.crmDiffers.readAs) },
    pin: pin && { ...pin, name: stageTitle(context, pin.stage) },
  };
}

const SURE = { sure: "sure", likely: "likely, not certain", thin: "thin: little data stands behind it" };

/** The stage in lines: what it is, since when, because of which rows, and what is in doubt. */
export function stageLines(found: StageFinding): string[] {
  const length = `${counted(found.daysInStage, "day")}${found.expectedDays ? `, expected up to ${found.expectedDays}` : ""}`;
  const head = found.lapsedSince
    ? `Stage: **Lapsed** since ${found.lapsedSince} (was paying, pays no more); by its signs now in ${found.name}`
    : `Stage: **${found.name}** since ${found.since} (${length})`;
  return [
    ...(found.pin ? [`Stage: **${found.pin.name}**, pinned until ${found.pin.until}${found.pin.by ? ` by ${found.pin.by}` : ""}. The rules say:`] : []),
    head,
    `Because ${lowerFirst(found.says)} (${SURE[found.confidence]})`,
    ...found.reasons.map((each) => `  - ${reasonLine(each)}`),
    ...(found.pending ? [`Next may be ${found.pending.stage}: seen on ${found.pending.seen} of ${found.pending.needed} days needed.`] : []),
    ...(found.crmDiffers ? [`The CRM says “${found.crmDiffers.crmStage}”${found.crmDiffers.readAs ? `, which would be ${found.crmDiffers.readAs}` : ""}.`] : []),
    ...found.doubts.map((doubt) => `Note: ${doubt}.`),
  ];
}

const lowerFirst = (text: string): string => (/^[A-Z][a-z ]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text).replace(/\.$/, "");
