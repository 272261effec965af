import { formatMoney } from "#money.ts";
import { type PortfolioFinding, payingWords, shareLine } from "#tools/portfolio.ts";
import { counted } from "#tools/words.ts";
import { ACTIONS } from "../actions.ts";
import type { Block, Look } from "../message.ts";
import { groupChart } from "./charts.ts";
import { dayIn, daysIn } from "./days.ts";
import { button, buttonRow, context, type More, section } from "./elements.ts";
import { lineIn } from "./outside-text.ts";
import { amount, number, table, words } from "./tables.ts";

type Listed = PortfolioFinding["accounts"][number];

/** Several accounts: how many, their money, and a table of them or of their groups. Compact: without what the prose told. */
export function portfolioCard(found: PortfolioFinding, _: Look, more: More = {}): Block[] {
  if (found.count === 0) return [section(emptyWords(found)), ...disagreement(found)];
  const shown = found.groupedBy ? groupTable(found) : accountTable(found);
  const hidden = found.groupedBy ? found.groups.length - shown.rows : found.count - shown.rows;
  const unit = found.groupedBy ? "group" : "account";
  return [
    ...(more.compact ? [] : [section(headline(found))]),
    ...(found.groupedBy ? groupChart(found) : []),
    shown.block,
    context(
      `${hidden > 0 ? `${shown.rows} of ${counted(shown.rows + hidden, unit)} shown. ` : ""}As of ${dayIn(found.asOf)}.`,
    ),
    ...disagreement(found),
    ...(found.groupedBy || more.turn === undefined
      ? []
      : buttonRow([
          button({
            text: "CSV",
            action: ACTIONS.portfolioCsv,
            value: { turn: more.turn },
            label: `All ${counted(found.count, "account")} as a CSV file`,
          }),
        ])),
  ];
}

const askedFor = ({ asked }: PortfolioFinding): string => (asked ? ` (${lineIn(daysIn(asked), 600)})` : "");

const emptyWords = (found: PortfolioFinding): string => `No account fits${askedFor(found)}.${urgentWords(found)}`;

const urgentWords = ({ countWithUrgent }: PortfolioFinding): string =>
  countWithUrgent === null ? "" : ` With urgent ones counted as well: ${counted(countWithUrgent, "account")}.`;

const headline = (found: PortfolioFinding): string =>
  `*${counted(found.count, "account")}*${askedFor(found)}${payingWords(found)}.${urgentWords(found)}\n${moneyWords(found)}${shareLine(found)}`;

function moneyWords({ totals, baseMrrMinor, baseCurrency }: PortfolioFinding): string {
  if (totals.length === 0) return "MRR together: none of them pays.";
  const base = formatMoney(baseMrrMinor, baseCurrency);
  if (totals.length === 1 && totals[0]?.currency === baseCurrency) return `MRR together: *${base}*`;
  const each = totals.map(({ currency, mrrMinor }) => formatMoney(mrrMinor, currency)).join(" and ");
  return `MRR together: ${each}; in ${baseCurrency} at the stored rates *${base}*`;
}

function disagreement({ churnSignals: signals }: PortfolioFinding): Block[] {
  if (!signals || (signals.byLedger === signals.byCrm && signals.byLedger === signals.byRecord)) return [];
  return [
    context(
      `Churned is read from the ledger: MRR fell to 0 and stayed there (${counted(signals.byLedger, "account")}). The CRM itself calls ${signals.byCrm} churned, and ${signals.byRecord} ${signals.byRecord === 1 ? "has" : "have"} a churn record.`,
    ),
  ];
}

/** What was asked about stands in a column of its own. */
const EXTRA = {
  tickets: { title: "Tickets", cell: ({ tickets }: Listed) => number(tickets) },
  nps: { title: "NPS", cell: ({ nps }: Listed) => number(nps) },
  overdue: { title: "Overdue", cell: ({ overdueMinor, currency }: Listed) => amount(overdueMinor, currency) },
  // As ISO days, so that sorting in the table sorts by time.
  last_contact: { title: "Last contact", cell: ({ lastTouchOn }: Listed) => words(lastTouchOn ?? "never") },
};

function accountTable({ accounts, showing, count }: PortfolioFinding) {
  const extra = showing ? EXTRA[showing] : null;
  return table(
    {
      caption: `Accounts, ${accounts.length} of ${count}`,
      titles: ["Account", "Stage", "MRR", "Health", "Renewal", "Owner", ...(extra ? [extra.title] : [])],
    },
    accounts.map((each) => [
      words(each.name),
      words(each.stage),
      amount(each.mrrMinor, each.currency),
      number(each.health),
      words(each.renewsOn),
      words(each.owner),
      ...(extra ? [extra.cell(each)] : []),
    ]),
  );
}

const groupTable = ({ groups, groupedBy, baseCurrency }: PortfolioFinding) =>
  table(
    {
      caption: `Accounts by ${groupedBy ?? "group"}`,
      titles: [capitalOf(groupedBy ?? "group"), "Accounts", `MRR in ${baseCurrency}`, "Health on average"],
    },
    groups.map(({ value, accounts, baseMrrMinor, averageHealth }) => [
      words(value ?? "not set"),
      number(accounts),
      amount(baseMrrMinor, baseCurrency),
      number(averageHealth),
    ]),
  );

const capitalOf = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
