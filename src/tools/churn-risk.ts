import { z } from "zod";
import { FIGURE_GROUPS, type FigureGroup } from "#accounts/figures-accounts.ts";
import { type Found, findAccount } from "#accounts/find.ts";
import {
  highRiskBy,
  type KeptRisk,
  paysNow,
  type RiskCounts,
  riskCounts,
  riskiest,
  riskOfAccount,
} from "#accounts/risk-list.ts";
import { labelRows, type RowLabel } from "#accounts/row-labels.ts";
import type { Reading } from "#database/door.ts";
import { SIGNALS } from "#metrics/risk-signals.ts";
import { sayChurnRisk } from "./churn-risk-words.ts";
import { defineTool, type ToolContext } from "./define-tool.ts";
import { accountsMeant, figureFilters } from "./figure-input.ts";
import { KeptOut, plainReasons } from "./in-channel.ts";
import { accountInput } from "./subject.ts";

const ROWS_SHOWN = 2; // of one reason
const SIGNS = Object.keys(SIGNALS) as [keyof typeof SIGNALS, ...(keyof typeof SIGNALS)[]]; // it has some
const SORTS = ["risk", "expected_loss"] as const;

const riskInput = z.object({
  account: accountInput
    .optional()
    .describe("one account, as the person said it; without it, the accounts most at risk"),
  filters: figureFilters.default({}),
  sign: z
    .enum(SIGNS)
    .optional()
    .describe("only those of whom this sign speaks for a churn: falling_usage, thin_usage, champion_left"),
  sort: z.enum(SORTS).default("risk").describe("expected_loss: MRR × probability, where the most money is at risk"),
  with_cancelled: z
    .boolean()
    .default(false)
    .describe("true: also those that have cancelled already and churn when the paid term ends"),
  group_by: z.enum(FIGURE_GROUPS).optional().describe("how many are at high risk per group, besides the list"),
  limit: z.number().int().min(1).max(50).default(10),
});
type RiskInput = z.output<typeof riskInput>;

/** One term of a score as it is shown: what it says, what it adds to the log-odds, and its rows. */
export interface ShownTerm {
  says: string;
  term: number;
  rows: RowLabel[];
}

/** An account's risk. Without calibration there is a band and its reasons, and no probability: it would look surer than it is. */
export interface ShownRisk extends Omit<KeptRisk, "terms" | "asOf"> {
  terms: ShownTerm[];
  expectedLossMinor: number | null;
}

export interface ChurnRiskFinding {
  /** Where one account was asked about. */
  account: Found | null;
  accounts: ShownRisk[];
  /** Why the one account has no risk. */
  none: string | null;
  /** Over all that the filters mean; null for one account. */
  counts: RiskCounts | null;
  /** Those at high risk per group, where that was asked for. */
  groups?: { by: FigureGroup; lines: { group: string | null; accounts: number; mrrMinor: number }[] } | null;
  sort: RiskInput["sort"];
  filter: string;
  asOf: string;
  baseCurrency: string;
}

export const churnRiskTool = defineTool({
  name: "churn_risk",
  title: "Churn risk",
  description:
    "Who is most likely to churn within 90 days, and why: band, probability with its interval where the weights are fitted to past churns, and the terms of the score with their rows; for one account or for those most at risk. Use for “which accounts are most at risk of churning?”, “how likely is … to churn?”, “where is the most money at risk?”, “customers with falling usage”.",
  effect: "reads",
  input: riskInput,
  run: (input, context) =>
    context.database.read(context.actor, (rows) =>
      input.account === undefined ? findRiskiest(rows, input, context) : findOne(rows, input.account, input, context),
    ),
  say: sayChurnRisk,
  inChannel: (found) => {
    const kept = new KeptOut();
    const accounts = found.accounts.map((each) => ({
      ...each,
      terms: each.terms.map((term) => ({ ...term, rows: plainRows(term.rows, kept) })),
    }));
    return { finding: { ...found, accounts }, keptOut: kept.words };
  },
});

async function findOne(
  rows: Reading,
  said: string,
  { sort }: RiskInput,
  context: ToolContext,
): Promise<ChurnRiskFinding> {
  const account = await findAccount(rows, said);
  const risk = await riskOfAccount(rows, account.id);
  return {
    account,
    accounts: risk ? await shown(rows, [risk]) : [],
    none: risk ? null : await whyNone(rows, account.id),
    counts: null,
    groups: null,
    sort,
    filter: account.name,
    asOf: risk?.asOf ?? context.today,
    baseCurrency: context.baseCurrency,
  };
}

const whyNone = async (rows: Reading, accountId: number): Promise<string> =>
  (await paysNow(rows, accountId))
    ? "its facts have not been scored so far"
    : "it pays nothing now, so there is nothing to cancel";

async function findRiskiest(rows: Reading, input: RiskInput, context: ToolContext): Promise<ChurnRiskFinding> {
  const { asked, filter } = await accountsMeant(rows, input.filters, context);
  const by = input.group_by;
  const risks = await riskiest(rows, {
    accounts: asked,
    sort: input.sort,
    limit: input.limit,
    withCancelled: input.with_cancelled,
    sign: input.sign,
  });
  return {
    account: null,
    accounts: await shown(
      rows,
      risks.map((risk) => ({ ...risk, terms: signFirst(risk.terms, input.sign) })),
    ),
    none: null,
    counts: await riskCounts(rows, asked, input.sign),
    groups: by ? { by, lines: await highRiskBy(rows, asked, by, input.sign) } : null,
    sort: input.sort,
    filter: input.sign ? `${filter}; ${input.sign.replaceAll("_", " ")}` : filter,
    asOf: risks[0]?.asOf ?? context.today,
    baseCurrency: context.baseCurrency,
  };
}

/** The sign that was asked for stands before the stronger ones. */
const signFirst = (terms: KeptRisk["terms"], sign: string | undefined): KeptRisk["terms"] => [
  ...terms.filter(({ signal }) => signal === sign),
  ...terms.filter(({ signal }) => signal !== sign),
];

async function shown(rows: Reading, risks: readonly KeptRisk[]): Promise<ShownRisk[]> {
  const few = (refs: readonly string[]): readonly string[] => refs.slice(0, ROWS_SHOWN);
  const labels = await labelRows(
    rows,
    risks.flatMap(({ terms }) => terms.flatMap((term) => few(term.rows))),
  );
  return risks.map(({ asOf: _, ...risk }) => ({
    ...risk,
    ...(risk.calibrated ? {} : { probability: null, low: null, high: null }),
    expectedLossMinor:
      risk.calibrated && risk.probability !== null ? Math.round(risk.mrrMinor * risk.probability) : null,
    terms: risk.terms.map(({ says, term, rows: refs }) => ({
      says,
      term: Number(term.toFixed(2)),
      rows: few(refs).flatMap((ref) => labels.get(ref) ?? []),
    })),
  }));
}

function plainRows(rows: RowLabel[], kept: KeptOut): RowLabel[] {
  const reason = { what: "", asked: "", value: null, shown: "", held: "yes", on: null, rows, doubt: null } as const;
  return plainReasons([reason], kept).flatMap((each) => each.rows);
}
