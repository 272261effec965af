import type { Interval } from "#metrics/weeks.ts";
import { formatChange } from "#money.ts";
import type { ChurnReport } from "../churn-report.ts";
import { amountsFor } from "./amounts.ts";
import { framed, type Picture, sourceOf } from "./picture.ts";
import { pointsOf, type TrendPoint } from "./points.ts";
import { trendMarks } from "./trend-marks.ts";
import { lowered } from "./waterfall.ts";

const LABEL_ROOM = 140; // pixels beside the last point
const UNITS: Record<Interval, string> = { week: "weeks", month: "months", quarter: "quarters" };

/** What is gained and lost by window, with the net as a line; null where there is nothing to compare with. */
export function trendOf(report: ChurnReport): Picture | null {
  const points = pointsOf(report);
  if (points.length < 2) return null;
  const { currency, asked, filterWords, trend, title } = report;
  const amounts = amountsFor(
    points.map(({ netMinor }) => netMinor),
    currency,
    LABEL_ROOM,
  );
  const name = `MRR gained and lost, last ${points.length} ${asked.interval ? UNITS[asked.interval] : "windows"}`;
  const { change, mean, windows } = trend.net;
  const beside = [
    change !== null && `${formatChange(change, currency)} against the one before`,
    mean !== null && `mean of the ${windows} before ${formatChange(Math.round(mean), currency)}`,
  ].filter((each) => typeof each === "string");
  const last = points.at(-1)!; // there are two or more
  const frame = {
    title: name,
    lines: [
      `Net, ${lowered(title)}${report.isPartial ? " so far" : ""}: ${formatChange(last.netMinor, currency)}  ·  ${filterWords}`,
      beside.join("  ·  "),
    ],
    source: sourceOf(report, !amounts.exact && "amounts are rounded"),
  };
  const values = points.map((point, at) => ({
    ...point,
    gained: amounts.units(point.gainedMinor),
    lost: amounts.units(point.lostMinor),
    net: amounts.units(point.netMinor),
    said: at === points.length - 1 ? amounts.change(point.netMinor) : "",
    strength: at === points.length - 1 ? 1 : 0.5,
  }));
  const drawn = trendMarks(values, mean === null ? null : amounts.units(mean));
  return { spec: framed(frame, drawn), title: name, alt: altOf(name, points, currency) };
}

const altOf = (name: string, points: readonly TrendPoint[], currency: string): string =>
  `${name}. Net: ${points
    .map(({ label, netMinor, lostCustomers }) => `${label} ${formatChange(netMinor, currency)} (${lostCustomers} lost)`)
    .join("; ")}.`;
