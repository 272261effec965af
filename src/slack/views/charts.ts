import { minorDigits } from "#money.ts";
import type { PortfolioFinding } from "#tools/portfolio.ts";
import type { ChartBlock } from "../message.ts";
import { cut, LIMITS } from "./limits.ts";
import { plainLine } from "./outside-text.ts";

/** The groups as a chart of what was asked: shares of a whole where they are few, bars else. Nothing for a single group. */
export function groupChart({ groups, groupedBy, measure: asked, baseCurrency }: PortfolioFinding): ChartBlock[] {
  const money = asked !== "accounts" && groups.some(({ baseMrrMinor }) => baseMrrMinor > 0);
  const digits = minorDigits(baseCurrency);
  const bars = groups
    .map(({ value, accounts, baseMrrMinor }) => ({
      name: value ?? "not set",
      value: money ? baseMrrMinor / 10 ** digits : accounts,
    }))
    .sort((a, b) => b.value - a.value)
    .slice(0, LIMITS.chartCategories);
  if (bars.length < 2) return [];
  const labels = uniqueLabels(bars.map(({ name }) => name));
  const data = bars.map(({ value }, at) => ({ label: labels[at] ?? String(at + 1), value }));
  const measure = money ? `MRR in ${baseCurrency}` : "Accounts";
  const title = cut(`${measure} by ${groupedBy ?? "group"}`, LIMITS.chartTitle);
  if (data.length <= LIMITS.pieSegments && data.every(({ value }) => value > 0))
    return [{ type: "data_visualization", title, chart: { type: "pie", segments: data } }];
  return [
    {
      type: "data_visualization",
      title,
      chart: {
        type: "bar",
        series: [{ name: cut(measure, LIMITS.chartLabel), data }],
        axis_config: { categories: labels, x_label: groupedBy ?? "group", y_label: measure },
      },
    },
  ];
}

/** Labels as short as Slack wants them, each once: a name that is cut to the same letters gets a number. */
export function uniqueLabels(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const whole = plainLine(name, LIMITS.chartLabel) || "unnamed";
    let label = whole;
    for (let at = 2; taken.has(label); at++) {
      const number = ` ${at}`;
      label = `${cut(whole, LIMITS.chartLabel - number.length)}${number}`;
    }
    taken.add(label);
    return label;
  });
}
