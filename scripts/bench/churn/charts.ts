import { renderPng, renderSvg } from "#reports/charts/render.ts";
import { trendOf } from "#reports/charts/trend.ts";
import { waterfallOf } from "#reports/charts/waterfall.ts";
import type { ChurnReport } from "#reports/churn-report.ts";
import { interleaved, type Spread } from "../measure.ts";

/** Milliseconds of drawing the pictures of a report: to SVG, and from there to PNG. */
export interface ChartTimes {
  waterfallSvg: Spread;
  waterfallPng: Spread;
  trendSvg: Spread;
  trendPng: Spread;
}

/** Draws waterfall and trend of a report. */
export async function timeCharts(report: ChurnReport): Promise<ChartTimes> {
  const waterfall = () => renderSvg(waterfallOf(report));
  const trend = () => {
    const picture = trendOf(report);
    if (!picture) throw new Error("the report has no trend to draw");
    return renderSvg(picture);
  };
  const drawn = { waterfall: await waterfall(), trend: await trend() };
  const times = await interleaved(
    {
      waterfallSvg: waterfall,
      waterfallPng: async () => renderPng(drawn.waterfall),
      trendSvg: trend,
      trendPng: async () => renderPng(drawn.trend),
    },
    { rounds: 30, warmup: 5 },
  );
  const wall = (name: keyof typeof times) => times[name].wallMs;
  return {
    waterfallSvg: wall("waterfallSvg"),
    waterfallPng: wall("waterfallPng"),
    trendSvg: wall("trendSvg"),
    trendPng: wall("trendPng"),
  };
}
