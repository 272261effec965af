import { choiceOf, type Finding } from "#agent/answer.ts";
import type { Block, Look, Message } from "../message.ts";
import { accountCard } from "./account-card.ts";
import { changesCard } from "./changes-card.ts";
import { choiceCard } from "./choice-card.ts";
import { cohortCard } from "./cohort-card.ts";
import { detailCard } from "./detail-card.ts";
import { lineSections, type More } from "./elements.ts";
import { findCard } from "./find-card.ts";
import { funnelCard } from "./funnel-card.ts";
import { fitMessage } from "./limits.ts";
import { mapCard } from "./map-card.ts";
import { moveCard } from "./move-card.ts";
import { toMrkdwn } from "./mrkdwn.ts";
import { playbookCard } from "./playbook-card.ts";
import { portfolioCard } from "./portfolio-card.ts";
import { refusalBlocks } from "./refusal.ts";
import { reportCard } from "./report-card.ts";
import { riskCard } from "./risk-card.ts";
import { stageGuideCard } from "./stage-guide-card.ts";
import { stepsCard } from "./steps-card.ts";
import { timelineCard } from "./timeline-card.ts";
import { whatIfCard } from "./what-if-card.ts";
import { whyCard } from "./why-card.ts";

type Card = (finding: unknown, look: Look, more: More) => Block[];

/** A card draws what its tool's `run` returns, and is only ever given that. */
const card = <F>(draw: (finding: F, look: Look, more: More) => Block[]): Card => draw as Card; // see above

const CARDS: Record<string, Card> = {
  account_overview: card(accountCard),
  account_detail: card(detailCard),
  why_this_stage: card(whyCard),
  next_steps: card(stepsCard),
  check_move: card(moveCard),
  account_timeline: card(timelineCard),
  what_changed: card(changesCard),
  portfolio: card(portfolioCard),
  renewals: card(portfolioCard),
  search_playbooks: card(playbookCard),
  stage_guide: card(stageGuideCard),
  find_account: card(findCard),
  churn_report: card(reportCard),
  churn_risk: card(riskCard),
  what_if: card(whatIfCard),
  stage_funnel: card(funnelCard),
  cohort_retention: card(cohortCard),
  lifecycle_map: card(mapCard),
};

/** What a tool found, as blocks: its card, the choice it asks for, or the sentence why it failed. */
export function cardOf(finding: Finding, look: Look, more: More = {}): Block[] {
  if (finding.isError) return refusalBlocks(finding.words);
  const choice = choiceOf(finding);
  if (choice) return choiceCard(choice, more);
  const draw = CARDS[finding.tool];
  return draw ? draw(finding.output, look, more) : lineSections(toMrkdwn(finding.words).split("\n"));
}

/** One finding as a message of its own, for what a button or a command asked. */
export const findingMessage = (finding: Finding, look: Look, more: More = {}): Message =>
  fitMessage({ text: toMrkdwn(finding.words), blocks: cardOf(finding, look, more) });
