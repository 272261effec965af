import { type Day, isoDay } from "./calendar.ts";
import { endOf, monthDay, seatsInMonth, startOf } from "./contract.ts";
import type { Contract, UsageShape } from "./life.ts";
import { inCrm, type Row, row } from "./row.ts";
import { OUTAGE_DAYS_AGO } from "./scripts-troubled.ts";
import type { Story } from "./story.ts";

/** The telemetry of the sample company has not come in for so many days. */
export const USAGE_IS_OLD_DAYS = 9;
const WEEKS_TO_SETTLE = 6;
const DAYS_TO_FADE = 35;

/** One row a week: who worked with the product, how often, and what failed. A week without use has no row. */
export function usageRows(story: Story): Row[] {
  const { life, span, random } = story;
  if (!life.usage) return [];
  const newest = span.today - USAGE_IS_OLD_DAYS - random.whole(0, 6);
  const trial = life.trial
    ? usedBetween(story, life.usage, {
        start: life.trial.startedOn,
        end: null,
        newest,
        seats: () => life.trial?.seats ?? 0,
      })
    : [];
  return [...trial, ...life.contracts.flatMap((contract) => contractUsage(story, life.usage, contract, newest))];
}

function contractUsage(story: Story, usage: UsageShape | null, contract: Contract, newest: Day): Row[] {
  if (!usage) return [];
  let month = 0;
  const seats = (day: Day) => {
    if (contract.changes.length === 0) return contract.seats;
    while (monthDay(contract, month + 1) <= day) month++;
    return seatsInMonth(contract, month);
  };
  return usedBetween(story, usage, { start: startOf(contract), end: endOf(contract), newest, seats });
}

interface Used {
  start: Day;
  end: Day | null;
  newest: Day;
  seats: (day: Day) => number;
}

function usedBetween(
  { customer, life, random, span }: Story,
  usage: UsageShape,
  { start, end, newest, seats }: Used,
): Row[] {
  const account = inCrm(customer.id);
  const fades = usage.fadeFrom !== null && usage.fadeFrom >= start && (end === null || usage.fadeFrom <= end);
  const outage = life.script === "outage_victim" ? span.today - OUTAGE_DAYS_AGO : null;
  const first = newest - Math.floor((newest - start - 3) / 7) * 7;
  const rows: Row[] = [];
  for (let day = first; day <= newest && (end === null || day <= end); day += 7) {
    const down = outage !== null && day >= outage && day < outage + 7;
    const share =
      shareOn(usage, day, start) * (fades ? fadeOn(usage, day) : 1) * random.between(0.92, 1.08) * (down ? 0.7 : 1);
    const activeUsers = Math.round(seats(day) * Math.min(1, share));
    if (activeUsers === 0) continue;
    const events = Math.round(activeUsers * random.between(18, 34));
    const errors = down ? activeUsers * 3 : Math.floor(events * random.between(0, 0.01));
    rows.push(
      row("telemetry", "usage", {
        id: `use-${customer.id.slice(4)}-${isoDay(day)}`,
        account,
        day: isoDay(day),
        events,
        activeUsers,
        errors,
        seconds: events * random.whole(35, 60),
      }),
    );
  }
  return rows;
}

/** From a third in the first week to the usual level after six, then slowly up or down. */
function shareOn({ level, yearly }: UsageShape, day: Day, start: Day): number {
  const settled = Math.min(1, 0.35 + (0.65 * (day - start)) / (WEEKS_TO_SETTLE * 7));
  return Math.max(0.05, level + (yearly * (day - start)) / 365) * settled;
}

function fadeOn({ fadeFrom, fadeTo }: UsageShape, day: Day): number {
  if (fadeFrom === null || day <= fadeFrom) return 1;
  return 1 - (1 - fadeTo) * Math.min(1, (day - fadeFrom) / DAYS_TO_FADE);
}
