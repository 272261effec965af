import { accountVocabulary } from "#accounts/vocabulary.ts";
import { accountDetailTool } from "./account-detail.ts";
import { accountOverviewTool } from "./account-overview.ts";
import { accountTimelineTool } from "./account-timeline.ts";
import { afterPriceIncreaseTool } from "./after-price-increase.ts";
import { agendaTool } from "./agenda.ts";
import { checkMoveTool } from "./check-move.ts";
import { churnOutlookTool } from "./churn-outlook.ts";
import { churnReportTool } from "./churn-report.ts";
import { churnRiskTool } from "./churn-risk.ts";
import { cohortTool } from "./cohorts.ts";
import { dealsTool } from "./deals.ts";
import type { Tool, ToolContext } from "./define-tool.ts";
import { figureDefinitionTool } from "./figure-definition.ts";
import { figuresTool } from "./figures.ts";
import { findAccountTool } from "./find-account.ts";
import { funnelTool } from "./funnel.ts";
import { leavingPaceTool } from "./leaving-pace.ts";
import { lifecycleMapTool } from "./lifecycle-map.ts";
import { mrrMovementsTool } from "./mrr-movements.ts";
import { nextStepsTool } from "./next-steps.ts";
import { pastWeeksTool } from "./past-weeks.ts";
import { portfolioTool } from "./portfolio.ts";
import { renewalsTool } from "./renewals.ts";
import { repeatValueTool } from "./repeat-value.ts";
import { scoresTool } from "./scores.ts";
import { searchPlaybooksTool } from "./search-playbooks.ts";
import { stageGuideTool } from "./stage-guide.ts";
import { stageRegressionsTool } from "./stage-regressions.ts";
import { ticketsTool } from "./tickets.ts";
import { whatChangedTool } from "./what-changed.ts";
import { whatIfTool } from "./what-if.ts";
import { whyMrrTool } from "./why-mrr.ts";
import { whyThisStageTool } from "./why-this-stage.ts";

/** Every tool there is. The model, the terminal and Slack all read this list. */
export const tools = [
  findAccountTool,
  accountOverviewTool,
  accountDetailTool,
  whyThisStageTool,
  nextStepsTool,
  checkMoveTool,
  accountTimelineTool,
  whatChangedTool,
  portfolioTool,
  dealsTool,
  agendaTool,
  renewalsTool,
  ticketsTool,
  searchPlaybooksTool,
  stageGuideTool,
  churnReportTool,
  figuresTool,
  figureDefinitionTool,
  whyMrrTool,
  mrrMovementsTool,
  funnelTool,
  stageRegressionsTool,
  cohortTool,
  pastWeeksTool,
  leavingPaceTool,
  repeatValueTool,
  scoresTool,
  afterPriceIncreaseTool,
  whatIfTool,
  lifecycleMapTool,
  churnRiskTool,
  churnOutlookTool,
] as unknown as readonly Tool[]; // each is typed by its own schema; the list only calls them with what that schema gave

/** The tool of that name, or undefined. */
export const toolNamed = (name: string): Tool | undefined => tools.find((tool) => tool.name === name);

/** The words of the workspace that a question may use. */
export interface Vocabulary {
  stages: string[];
  teams: string[];
  owners: string[];
  segments: string[];
  industries: string[];
  countries: string[];
  plans: string[];
  campaigns: string[];
}

export async function vocabulary({ database, actor, knowledge }: ToolContext): Promise<Vocabulary> {
  const words = await database.read(actor, accountVocabulary);
  return { ...words, stages: knowledge.model.stages.map(({ name }) => name) };
}
