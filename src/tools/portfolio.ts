import { type ChurnSignals, churnSignals } from "#accounts/churn-signals.ts";
import {
  type ListedAccount,
  type PortfolioGroup,
  type PortfolioQuery,
  portfolio as queryPortfolio,
} from "#accounts/portfolio.ts";
import { accountVocabulary } from "#accounts/vocabulary.ts";
import type { Reading } from "#database/door.ts";
import { formatMoney } from "#money.ts";
import { defineTool, type ToolContext } from "./define-tool.ts";
import { type PortfolioInput, portfolioInput } from "./portfolio-input.ts";
import { readFilters } from "./read-filters.ts";
import { sayFilters } from "./say-filters.ts";
import { stageTitle } from "./subject.ts";
import { counted } from "./words.ts";

/** Counts, sums and a list or groups of accounts. Money in minor units. */
export interface PortfolioFinding {
  asked: string;
  asOf: string;
  count: number;
  baseCurrency: string;
  baseMrrMinor: number;
  totals: { currency: string; accounts: number; mrrMinor: number }[];
  accounts: ListedAccount[];
  groupedBy: string | null;
  groups: PortfolioGroup[];
  /** What was asked per group. */
  measure: "mrr" | "accounts";
  /** What each source calls churned, where lapsed accounts were asked for. */
  churnSignals: ChurnSignals | null;
  /** How many fit when urgent tickets count as high-priority ones too; null where that was not the question. */
  countWithUrgent: number | null;
  /** The MRR of everybody and of those listed, where the share was asked for. */
  share: { allMinor: number; listedMinor: number } | null;
  /** Shown beside each account because it was asked about. */
  showing: "tickets" | "nps" | "last_contact" | "overdue" | null;
}

export const portfolioTool = defineTool({
  name: "portfolio",
  title: "Portfolio",
  description:
    "Lists, counts, sums, ranks and groups accounts by stage, owner, team, segment, industry, country, plan, MRR, health, NPS, renewal, last contact, use, tickets and more. Use for every question about several accounts.",
  effect: "reads",
  input: portfolioInput,
  run: (input, context) => askPortfolio(input, context),
  say: sayPortfolio,
});

/** Groups of which people ask how many there are, unless they say MRR. */
const COUNTED = ["stage", "lapsed"];

/** The accounts that fit, counted, summed, and listed or grouped. Throws AskAgain for a name that the workspace does not know. */
export function askPortfolio(input: PortfolioInput, context: ToolContext): Promise<PortfolioFinding> {
  const { database, actor, today, baseCurrency, knowledge } = context;
  return database.read(actor, async (rows) => {
    const filters = readFilters(input.filters, await accountVocabulary(rows), context);
    const query = {
      ...filters,
      model: knowledge.model.id,
      today,
      sort: input.sort,
      descending: input.descending,
      limit: input.limit,
      groupBy: input.group_by,
    };
    const found = await queryPortfolio(rows, query);
    const crmNames = [...knowledge.model.lapsed.crmStages, "lapsed", "churned"];
    const signals =
      input.filters.lapsed || filters.stages?.includes("lapsed") ? await churnSignals(rows, crmNames) : null;
    const countWithUrgent = await countedWithUrgent(rows, query);
    const share = input.share ? await shareOf(rows, query, found) : null;
    const named = (stage: string | null) => stage && stageTitle(context, stage);
    const measure = input.measure ?? (COUNTED.includes(input.group_by ?? "") ? "accounts" : "mrr");
    return {
      ...found,
      accounts: found.accounts.map((each) => ({ ...each, stage: named(each.stage) })),
      groups: inOrder(found.groups, measure).map((each) =>
        input.group_by === "stage" ? { ...each, value: named(each.value) } : each,
      ),
      asked: sayFilters(input.filters, baseCurrency),
      asOf: today,
      baseCurrency,
      countWithUrgent,
      share,
      churnSignals: signals,
      groupedBy: input.group_by ?? null,
      measure,
      showing: showing(input),
    };
  });
}

/** Groups come by their MRR; where accounts were asked for, the most accounts come first. */
const inOrder = (groups: PortfolioGroup[], measure: PortfolioFinding["measure"]): PortfolioGroup[] =>
  measure === "accounts" ? groups.toSorted((a, b) => b.accounts - a.accounts) : groups;

/** “High-priority” is read as the priority high; whoever means urgent ones too gets that number beside it. */
async function countedWithUrgent(rows: Reading, query: PortfolioQuery): Promise<number | null> {
  const { tickets } = query;
  if (!tickets?.priorities?.includes("high") || tickets.priorities.includes("urgent")) return null;
  const wider = { ...query, tickets: { ...tickets, priorities: [...tickets.priorities, "urgent"] }, limit: 1 };
  return (await queryPortfolio(rows, wider)).count;
}

/** What everybody pays, and what those listed do, in minor units of the base currency. */
async function shareOf(
  rows: Reading,
  { model, today, sort }: PortfolioQuery,
  { accounts }: { accounts: readonly ListedAccount[] },
): Promise<PortfolioFinding["share"]> {
  const { baseMrrMinor: allMinor } = await queryPortfolio(rows, { model, today, sort, limit: 1 });
  return { allMinor, listedMinor: accounts.reduce((sum, each) => sum + each.baseMrrMinor, 0) };
}

function showing({ filters, sort }: PortfolioInput): PortfolioFinding["showing"] {
  if (filters.tickets || sort === "tickets") return "tickets";
  if (filters.nps || sort === "nps") return "nps";
  if (filters.overdue || sort === "overdue") return "overdue";
  return filters.no_contact_days || filters.contacted_within_days || sort === "last_contact" ? "last_contact" : null;
}

export function sayPortfolio(found: PortfolioFinding): string {
  const of = found.asked ? ` (${found.asked})` : "";
  const wider =
    found.countWithUrgent === null
      ? ""
      : ` With urgent ones counted as well: ${counted(found.countWithUrgent, "account")}.`;
  if (found.count === 0)
    return [`No account fits${of}.${wider}`, disagreement(found.churnSignals)].filter(Boolean).join("\n");
  const head = `**${counted(found.count, "account")}**${of}${payingWords(found)}.${wider} ${moneyLine(found)}${shareLine(found)}`;
  const lines = found.groupedBy
    ? found.groups.map((each) => groupLine(each, found))
    : found.accounts.map((each, index) => `${index + 1}. ${accountLine(each, found)}`);
  const rest = found.groupedBy ? 0 : found.count - found.accounts.length;
  return [head, ...lines, rest > 0 && `and ${rest} more`, disagreement(found.churnSignals)].filter(Boolean).join("\n");
}

/** Who churned is a matter of definition; where the sources disagree, the answer says so. */
function disagreement(signals: ChurnSignals | null): string | null {
  if (!signals) return null;
  const { byLedger, byCrm, byRecord } = signals;
  if (byLedger === byCrm && byLedger === byRecord) return null;
  return `Churned is read from the ledger: MRR fell to 0 and stayed there (${counted(byLedger, "account")}). The CRM itself calls ${counted(byCrm, "account")} churned, and ${byRecord} ${byRecord === 1 ? "has" : "have"} a churn record: the sources disagree.`;
}

/** ", 296 of them paying": where some do and some do not. */
export function payingWords({ count, totals }: Pick<PortfolioFinding, "count" | "totals">): string {
  const paying = totals.reduce((sum, { accounts }) => sum + accounts, 0);
  return paying === 0 || paying === count ? "" : `, ${paying} of them paying`;
}

function moneyLine({ totals, baseMrrMinor, baseCurrency }: PortfolioFinding): string {
  if (totals.length === 0) return "MRR together: none of them pays.";
  const base = formatMoney(baseMrrMinor, baseCurrency);
  if (totals.length === 1 && totals[0]!.currency === baseCurrency) return `MRR together: ${base}.`;
  const each = totals.map(({ currency, mrrMinor }) => formatMoney(mrrMinor, currency)).join(" and ");
  return `MRR together: ${each}; in ${baseCurrency} at the stored rates ${base}.`;
}

const groupLine = (
  { value, accounts, baseMrrMinor, averageHealth }: PortfolioGroup,
  { baseCurrency, share }: PortfolioFinding,
): string =>
  `- ${value ?? "not set"}: ${counted(accounts, "account")}, MRR ${formatMoney(baseMrrMinor, baseCurrency)}${share && share.allMinor > 0 ? ` (${percent(baseMrrMinor, share)})` : ""}${averageHealth === null ? "" : `, health ${averageHealth} on average`}`;

/** " The 10 listed have $396,000.00, 26.3% of the MRR of everybody ($1,505,171.46)." */
export function shareLine({ share, groupedBy, accounts, count, baseMrrMinor, baseCurrency }: PortfolioFinding): string {
  if (!share || share.allMinor === 0) return "";
  const all = `of the MRR of everybody (${formatMoney(share.allMinor, baseCurrency)})`;
  const fitting = baseMrrMinor === share.allMinor ? "" : ` Together they have ${percent(baseMrrMinor, share)} ${all}.`;
  if (groupedBy !== null || accounts.length === count) return fitting;
  return `${fitting} The ${accounts.length} listed have ${formatMoney(share.listedMinor, baseCurrency)}, ${percent(share.listedMinor, share)} ${all}.`;
}

const percent = (minor: number, { allMinor }: { allMinor: number }): string =>
  `${((100 * minor) / allMinor).toFixed(1)}%`;

function accountLine(account: ListedAccount, { showing }: PortfolioFinding): string {
  const { name, stage, owner, mrrMinor, currency, health, renewsOn } = account;
  const extra = {
    tickets: () => counted(account.tickets, "ticket"),
    nps: () => (account.nps === null ? "no NPS" : `NPS ${account.nps}`),
    overdue: () => `${formatMoney(account.overdueMinor, currency)} overdue`,
    last_contact: () => (account.lastTouchOn ? `last contact ${account.lastTouchOn}` : "no contact on record"),
  };
  const facts = [
    showing && extra[showing](),
    stage,
    `MRR ${formatMoney(mrrMinor, currency)}`,
    health === null ? null : `health ${health}`,
    renewsOn && `renews ${renewsOn}`,
    owner && `owner ${owner}`,
  ];
  return `**${name}** — ${facts.filter(Boolean).join(", ")}`;
}
