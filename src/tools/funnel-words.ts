import { sayFigure } from "#metrics/figure.ts";
import { scopeWords } from "./figure-words.ts";
import type { FunnelFinding, FunnelLine } from "./funnel.ts";
import { counted } from "./words.ts";

/** A funnel in words: the one conversion that was asked for, or every stage with where accounts get stuck. */
export function sayFunnel(found: FunnelFinding): string {
  const body = found.conversion ? conversionLines(found) : stageLines(found);
  return [...body, definitionLine(found), ...found.doubts.map((doubt) => `Note: ${doubt}`)].join("\n");
}

function conversionLines({ conversion, asked }: FunnelFinding): string[] {
  if (!conversion) return [];
  const { from, to, figure } = conversion;
  const { part = 0, whole = 0 } = figure.of ?? {};
  const open = Number(figure.definition.stillOpen ?? 0);
  const waiting = open === 0 ? "" : `; ${counted(open, "more account")} still on the way, counted neither way`;
  const rate =
    figure.value === null
      ? (figure.because ?? "not known")
      : `${sayFigure(figure)}${figure.few ? "" : ` (${part} of ${whole})`}`;
  return [
    `**Conversion from ${from} to ${to}**, ${asked.title}${asked.isPartial ? " so far" : ""}: ${rate}${waiting}. Of the ${counted(whole + open, "account")} that entered ${from} in the window.`,
  ];
}

function stageLines({ stuck, lostFrom, stages }: FunnelFinding): string[] {
  const head =
    stuck.length === 0
      ? ["No stage stands out: accounts move on about as fast as the model expects."]
      : [
          `Accounts get stuck most in **${stuck[0]!.stage}**: ${stuck[0]!.because.join("; ")}.`,
          ...stuck.slice(1).map(({ stage, because }) => `Then in ${stage}: ${because.join("; ")}.`),
        ];
  const [worst] = lostFrom;
  const lost = worst
    ? [
        `Most are lost from ${worst.stage}: of ${worst.entered} that entered, ${worst.out} left and ${worst.backward} fell back.`,
      ]
    : [];
  return [...head, ...lost, ...stages.map(stageLine)];
}

function stageLine({ stage, entered, forward, backward, out, still, next, time, longest }: FunnelLine): string {
  const went = `entered ${entered}: ${forward} moved on, ${backward} fell back, ${out} left, ${still} still there`;
  const rate = next ? `; next step ${next.value === null ? next.because : sayFigure(next)}` : "";
  const open = time.open ? `; ${time.open.spells} in it now, for ${time.open.medianDays} days at the median` : "";
  const [worst] = longest;
  const long = worst ? ` (longest: ${worst.name}, ${counted(worst.days, "day")})` : "";
  return `- **${stage}** — ${went}${rate}; ${timeWords(time)}${open}${long}`;
}

/** A share that has not left yet has no day; that is said, not guessed. */
function timeWords({ median, p90 }: FunnelLine["time"]): string {
  if (median.n === 0) return "nobody was in it";
  const day = ({ value }: typeof median) => (value === null ? "not reached yet" : counted(value, "day"));
  return `time: median ${day(median)}, p90 ${day(p90)} (${counted(median.n, "stay")})`;
}

const definitionLine = ({ mode, scope, model, asOf }: FunnelFinding): string =>
  `Definition: ${mode === "strict" ? "every stage in order" : "a later stage counts however it was reached"}; accounts that entered a stage in the window, followed up to ${asOf}; who is still there is censored, who churned has left. Time in stage is the Kaplan–Meier estimate over all stays on record. Model ${model}. Window: ${scopeWords(scope)}.`;
