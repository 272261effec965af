import type { RowLabel } from "#accounts/row-labels.ts";
import { formatMoney } from "#money.ts";
import type { Alert } from "#schedules/alerts.ts";
import { CONDITION_NAMES } from "#schedules/conditions.ts";
import { limitWords } from "#schedules/limits.ts";
import { capital, counted } from "#tools/words.ts";
import { ACTIONS } from "../actions.ts";
import type { Block, Look, Message } from "../message.ts";
import { dayIn, daysIn } from "./days.ts";
import { button, buttonRow, context, header, lineSections, section } from "./elements.ts";
import { fitMessage } from "./limits.ts";
import { lineIn, nameIn, plainLine } from "./outside-text.ts";

const SHOWN = 10; // with buttons; the rest stands in lines
const SHOWN_ROWS = 3;

export interface AlertParts {
  alerts: readonly Alert[];
  /** What the rows of their evidence are, by `table:id`. */
  labels: ReadonlyMap<string, RowLabel>;
  /** How many others there are. */
  left: number;
  scheduleId: number;
}

/** New alerts with before → after and the rows that show it, then those that are over. */
export function alertsMessage(parts: AlertParts, look: Look): Message {
  const { alerts, left, scheduleId } = parts;
  const { today } = look;
  const open = alerts.filter(({ clearedOn }) => clearedOn === null);
  const over = alerts.filter(({ clearedOn }) => clearedOn !== null);
  const title = `${counted(open.length, "new alert")}, ${dayIn(today)}`;
  const lines = open.map((each) => alertWords(each, parts, look));
  const more =
    left > 0 ? [context(`${counted(left, "other")} with less MRR ${left === 1 ? "comes" : "come"} next time.`)] : [];
  const overLines = over.map(
    (each) =>
      `• ${nameIn(each.name)}: ${CONDITION_NAMES[each.condition].toLowerCase()}, over since ${dayIn(each.clearedOn ?? today)}`,
  );
  return fitMessage({
    text: [title, ...lines, ...(overLines.length > 0 ? ["Over:", ...overLines] : [])].join("\n"),
    blocks: [
      header(title),
      ...open.slice(0, SHOWN).flatMap((each, at) => [section(lines[at] ?? ""), ...buttonsOf(each, scheduleId)]),
      ...lineSections(lines.slice(SHOWN)),
      ...(overLines.length > 0 ? [context("Over"), ...lineSections(overLines)] : []),
      ...more,
    ],
  });
}

/** "*Acme GmbH* · Detractor · MRR $120.00 · Owen\nNPS 9 on 3 Mar → NPS 4 on 20 Nov (NPS answer of 20 Nov, survey V-12) · limit: NPS 6 or less" */
function alertWords(alert: Alert, { labels }: AlertParts, { audience }: Look): string {
  const { name, condition, limits, before, after, evidence, owner, mrrMinor, currency } = alert;
  const known = evidence.map((row) => labels.get(row)).filter((each) => each !== undefined);
  const shown = known.filter(({ row }) => audience === "private" || !NAMES.test(row)).slice(0, SHOWN_ROWS);
  const rows = shown.map(({ label, source }) => lineIn(daysIn(source ? `${label}, ${source}` : label), 160)).join("; ");
  const more = shown.length > 0 && evidence.length > SHOWN_ROWS ? ` and ${evidence.length - SHOWN_ROWS} more` : "";
  const change = [before, after].filter((each) => each !== null).map((each) => lineIn(daysIn(each)));
  const limit = limitWords(condition, limits);
  const whose = owner ? `  ·  ${nameIn(owner)}` : "";
  return `*${nameIn(name)}*  ·  ${CONDITION_NAMES[condition]}  ·  MRR ${formatMoney(mrrMinor, currency)}${whose}\n${capital(change.join(" → "))}${rows ? ` (${rows}${more})` : ""}${limit ? `  ·  limit: ${limit}` : ""}`;
}

/** Rows whose words name a person of the customer's, which a channel is not told. */
const NAMES = /^contact:/;

function buttonsOf({ alertId, accountId, name }: Alert, scheduleId: number): Block[] {
  const value = { alert: alertId, schedule: scheduleId };
  const short = plainLine(name, 45);
  return buttonRow([
    button({ text: "Open", action: ACTIONS.overview, value: { account: accountId }, label: `Overview of ${short}` }),
    button({
      text: "Next steps",
      action: ACTIONS.nextSteps,
      value: { account: accountId },
      label: `Next steps for ${short}`,
    }),
    button({ text: "Snooze", action: ACTIONS.alertSnooze, value, label: `Snooze this alert for ${short}` }),
    button({ text: "Not useful", action: ACTIONS.alertNotUseful, value, label: `Not useful: the alert for ${short}` }),
  ]);
}
