import { type RiskAttempt, type RiskQuality, standardErrors } from "#accounts/risk-models.ts";
import { EXPERT, type RiskModel } from "#metrics/churn-risk.ts";
import type { CalibrationRow } from "#metrics/risk-quality.ts";

/** An attempt in words: what it learnt from, whether it was taken, the weights, and how good they are. Markdown. */
export function sayAttempt(attempt: RiskAttempt, inUse: RiskModel): string {
  const { version, accepted, because, rows, churnedAccounts, firstDay, lastDay, model } = attempt;
  const seen =
    firstDay === null
      ? "No account paid on the days that were looked at."
      : `Looked at paying accounts as they were known on month ends from ${firstDay} to ${lastDay}, ${rows} times; ${churnedAccounts} accounts churned in time to learn from.`;
  return [
    `**Attempt ${version}, ${accepted ? "taken" : "not taken"}**: ${because}.`,
    seen,
    `In use: ${inUse.kind === "expert" ? "an expert's weights" : "weights fitted to past churns"} (${inUse.version}).`,
    "",
    ...sayQuality(attempt.quality),
    ...(model ? ["", ...sayWeights(model)] : []),
  ].join("\n");
}

function sayQuality(quality: RiskQuality): string[] {
  const { rows, churned, firstDay, lastDay, baseRate, baseRateBrier, expert, fitted } = quality;
  if (rows === 0 || firstDay === null) return ["There is no quarter to judge them on."];
  return [
    `Newest quarter whose outcome is known, ${firstDay} to ${lastDay}: accounts were looked at ${rows} times, and ${churned} times MRR became 0 within 90 days. The weights tried on it had not seen it.`,
    "",
    "| Brier score, lower is better | |",
    "|---|--:|",
    baseRate === null ? null : `| always the base rate before it, ${percent(baseRate)} | ${score(baseRateBrier)} |`,
    `| an expert's weights, not fitted | ${score(expert.brier)} |`,
    fitted && `| fitted weights | ${score(fitted.brier)} |`,
    "",
    ...(fitted ? sayCalibration("fitted weights", fitted.calibration) : []),
    ...sayCalibration("an expert's weights", expert.calibration),
  ].filter((line) => line !== null);
}

const sayCalibration = (whose: string, table: readonly CalibrationRow[]): string[] => [
  `| Calibration of ${whose} | Looks | Said | Came | Churned |`,
  "|---|--:|--:|--:|--:|",
  ...table.map(
    ({ from, to, accounts, said, came, churned }) =>
      `| ${percent(from)} to ${percent(to)} | ${accounts} | ${percent(said)} | ${percent(came)} | ${churned} |`,
  ),
  "",
];

function sayWeights(model: RiskModel): string[] {
  const errors = standardErrors(model);
  const line = (name: string, at: number, { weight, expert }: { weight: number; expert: number }): string =>
    `| ${name} | ${expert.toFixed(2)} | ${weight.toFixed(2)} | ${(errors[at] ?? 0).toFixed(2)} |`;
  return [
    "| Weight, in log-odds | Expert's | Fitted | Standard error |",
    "|---|--:|--:|--:|",
    line("no sign at all", 0, { weight: model.intercept, expert: EXPERT.intercept }),
    ...model.signals.map((signal, at) =>
      line(signal.replaceAll("_", " "), at + 1, {
        weight: model.weights[at] ?? 0,
        expert: EXPERT.weights[EXPERT.signals.indexOf(signal)] ?? 0,
      }),
    ),
  ];
}

const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;
const score = (value: number | null): string => value?.toFixed(4) ?? "none";
