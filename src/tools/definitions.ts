import { METRIC_NAMES } from "./figures-of.ts";

/** What a word of the field means here. */
export interface Definition {
  name: string;
  title: string;
  /** As every figure carries it; null for a word that is no figure of a window. */
  formula: string | null;
  says: string;
}

const NETTED = "Movements are netted per customer over the window.";

/** Of each figure of a window: its title, its formula as the figure carries it, and what surprises about it. */
const FIGURES: Record<(typeof METRIC_NAMES)[number], [title: string, formula: string, says: string]> = {
  mrr: [
    "MRR, monthly recurring revenue",
    "monthly price of all paid subscriptions at the end of the window",
    "A yearly price counts a twelfth; trials, free plans, taxes and one-off charges do not count. Past due counts until dunning ends.",
  ],
  arr: [
    "ARR, annual recurring revenue",
    "MRR × 12",
    "It says what today's subscriptions come to in a year, not what will be earned.",
  ],
  net_change: [
    "Net change of MRR, net new MRR",
    "MRR at the end − MRR at the start",
    "It is new + expansion + reactivation − contraction − churn, to the cent.",
  ],
  customers: [
    "Paying accounts",
    "accounts with MRR above 0 at the end of the window",
    "Prospects, trials and lapsed accounts are none.",
  ],
  gross_mrr_churn: [
    "Gross MRR churn",
    "(churn + contraction) / MRR at start",
    `What was lost, before what was gained. ${NETTED}`,
  ],
  net_mrr_churn: [
    "Net MRR churn",
    "(churn + contraction − expansion − reactivation) / MRR at start",
    "Below 0 where expansion is more than what was lost.",
  ],
  grr: [
    "GRR, gross revenue retention",
    "Σ min(end, start) / Σ start, customers of the start",
    "What is left of the MRR of those who were there at the start, without what they bought more: never above 100%.",
  ],
  nrr: [
    "NRR, net revenue retention",
    "Σ end / Σ start, customers of the start",
    "As GRR, with what they bought more: above 100% where expansion outweighs losses. New and reactivated customers are out.",
  ],
  logo_churn: [
    "Logo churn, the churn rate by customers",
    "lost customers / customers at start",
    "A customer is lost on the day MRR becomes 0: the end of the paid term, not the click. Below 30 customers it is told as “k of n”.",
  ],
  retention_rate: [
    "Retention rate",
    "1 − logo churn",
    "The share of the customers of the start that still pay at the end.",
  ],
  quick_ratio: [
    "Quick ratio",
    "(new + expansion + reactivation) / (contraction + churn)",
    "How much MRR is gained for each unit that is lost; not known where nothing was lost.",
  ],
  arpa: ["ARPA, average MRR of a customer", "MRR / paying accounts", "A month's money, not a contract's."],
  clv: [
    "CLV, customer lifetime value",
    "ARPA × gross margin / monthly customer churn",
    "Hidden below 30 customers and where nobody churned. The margin is 100% unless the workspace has set one.",
  ],
  new_mrr: ["New MRR", "MRR of customers that never paid before", "A second subscription of a customer is expansion."],
  expansion_mrr: [
    "Expansion MRR",
    "what customers pay more",
    "Upgrades, seats and second subscriptions of those who paid before.",
  ],
  reactivation_mrr: [
    "Reactivated MRR",
    "MRR of customers that had left and pay again",
    "Told apart from new, and not part of NRR.",
  ],
  contraction_mrr: [
    "Contraction MRR",
    "what customers that stay pay less",
    "Downgrades; cancelling one of two subscriptions is one too.",
  ],
  churned_mrr: [
    "Churned MRR",
    "what customers paid whose MRR fell to 0",
    "“Cancelled, not yet churned” is told apart until the paid term ends.",
  ],
  new_customers: [
    "New customers",
    "customers whose MRR rises above 0 for the first time",
    "Who had left and comes back is a reactivation.",
  ],
  lost_customers: [
    "Lost customers",
    "customers whose MRR fell to 0",
    "Who came and went inside one window is listed apart.",
  ],
};

/** Words that are no figure of a window. */
const OTHERS: Record<string, [title: string, says: string]> = {
  nps: [
    "NPS, net promoter score",
    "% of answers of 9 or 10 − % of 0 to 6, from −100 to 100, over each person's last answer in the window.",
  ],
  csat: [
    "CSAT, customer satisfaction",
    "The mean of what customers answered when they were asked how satisfied they are, by tickets or by surveys.",
  ],
  cohort: [
    "Cohort retention",
    "Customers by the month, week or quarter of their first paid day; each step says how many still pay, and how much of their first MRR is kept.",
  ],
  health: [
    "Health",
    "0 to 100 out of usage, support, contact, payment and voice, each with its weight; a part that is not known is shown as missing. Good from 70, watch from 40, poor below.",
  ],
  churn_risk: [
    "Churn risk",
    "How likely a paying customer is to churn within 90 days, from signals in the data; a band, and a percentage once it is fitted to past churns here.",
  ],
  time_in_stage: [
    "Time in stage",
    "The Kaplan–Meier median over all stays, in which those that are not over are not counted as if they were.",
  ],
};

export const DEFINED = [...METRIC_NAMES, ...Object.keys(OTHERS)] as [string, ...string[]]; // the figures stand first

/** What a word means here, by the name that a tool takes. */
export function definitionOf(name: string): Definition | null {
  const other = OTHERS[name];
  if (other) return { name, title: other[0], formula: null, says: other[1] };
  const known = METRIC_NAMES.find((each) => each === name);
  if (!known) return null;
  const [title, formula, says] = FIGURES[known];
  return { name, title, formula, says };
}
