import type { Loss, Traces } from "#accounts/movements-lost.ts";
import { addDays, daysBetween } from "#lifecycle/days.ts";
import type { LostAccount } from "./churn-report.ts";

const LOOK_BACK_DAYS = 90; // a sign that is older was not of this loss
const SILENT_AFTER_DAYS = 30;
const COMPARED_DAYS = 30;
const FALL = 0.4; // less than that is how weeks differ

type Sign = LostAccount["firstSign"];

/** The first thing that could be seen in the 90 days before an account was lost; null when nothing could. */
export function firstSign({ accountId, on }: Loss, traces: Traces): Sign {
  const from = addDays(on, -LOOK_BACK_DAYS);
  const mine = <T extends { accountId: number }>(all: readonly T[]) =>
    all.filter((each) => each.accountId === accountId);
  const seen = [
    ...mine(traces.events),
    silence(mine(traces.touches), from, on),
    fallOfUse(mine(traces.usage), from, on),
  ].filter((each) => each !== null);
  const [first] = seen.sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : a.what < b.what ? -1 : 1));
  return first ? { what: first.what, on: first.on, daysBefore: daysBetween(first.on, on) } : null;
}

interface Found {
  what: string;
  on: string;
}

/** The day on which contact had been missing for a month. Nobody without any contact on record is called silent. */
function silence(touches: { day: string }[], from: string, on: string): Found | null {
  const days = touches.map(({ day }) => day);
  const silentOn = days
    .map((day, at) => ({ day: addDays(day, SILENT_AFTER_DAYS + 1), next: days[at + 1] ?? on }))
    .find(({ day, next }) => day < next && next > from);
  if (!silentOn) return null;
  return { what: `no contact for ${SILENT_AFTER_DAYS} days`, on: silentOn.day < from ? from : silentOn.day };
}

/** The first day on which the use of 30 days had fallen by two fifths against the 30 before. */
function fallOfUse(usage: { day: string; events: number }[], from: string, on: string): Found | null {
  const last = usage.at(-1)?.day;
  if (!last) return null;
  const byDay = new Map(usage.map(({ day, events }) => [daysBetween(from, day), events]));
  const sum = (to: number) =>
    Array.from({ length: COMPARED_DAYS }, (_, back) => byDay.get(to - back) ?? 0).reduce((all, each) => all + each, 0);
  for (let day = 0; day < Math.min(daysBetween(from, on), daysBetween(from, last) + COMPARED_DAYS); day++) {
    const before = sum(day - COMPARED_DAYS);
    const share = before === 0 ? 0 : 1 - sum(day) / before;
    if (share >= FALL) return { what: `use fell by ${Math.round(share * 100)}% in 30 days`, on: addDays(from, day) };
  }
  return null;
}
