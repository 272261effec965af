import type { Window } from "#metrics/figure.ts";
import type { Interval } from "#metrics/weeks.ts";
import type { ChurnReport, TrendWindow } from "../churn-report.ts";

/** What a window gained and lost, in minor units: gained is never below 0, lost never above. Net has exchange rates in it too. */
export interface TrendPoint {
  label: string;
  gainedMinor: number;
  lostMinor: number;
  netMinor: number;
  lostCustomers: number;
}

/** The windows of a trend as points, oldest first. */
export const pointsOf = ({ asked, trend }: Pick<ChurnReport, "asked" | "trend">): TrendPoint[] =>
  trend.windows.map((each) => pointOf(each, asked.interval));

function pointOf(
  { window, byKind, lostCustomers, startMinor, endMinor }: TrendWindow,
  interval: Interval | null,
): TrendPoint {
  const gainedMinor = byKind.new + byKind.reactivation + byKind.expansion;
  const lostMinor = byKind.contraction + byKind.churn;
  return {
    label: windowLabel(window, interval),
    gainedMinor,
    lostMinor,
    netMinor: endMinor - startMinor,
    lostCustomers,
  };
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** "16 Nov" of a week, "Nov 26" of a month, "Q4 26" of a quarter, "3 Oct 26" of anything else. */
export function windowLabel({ start }: Window, interval: Interval | null): string {
  const [year = "", month = "", day = ""] = start.split("-");
  const name = MONTHS[Number(month) - 1] ?? month;
  if (interval === "month") return `${name} ${year.slice(2)}`;
  if (interval === "quarter") return `Q${Math.ceil(Number(month) / 3)} ${year.slice(2)}`;
  return interval === "week" ? `${Number(day)} ${name}` : `${Number(day)} ${name} ${year.slice(2)}`;
}
