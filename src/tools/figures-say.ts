import type { ChurnProof } from "#accounts/churn-proofs.ts";
import { sayFigure } from "#metrics/figure.ts";
import { definitionLine, figureWords, scopeWords } from "./figure-words.ts";
import type { ChurnBySource, FigureLine, FiguresFinding } from "./figures.ts";
import { counted } from "./words.ts";

/** Figures in words: the values first, then how they are defined, over which windows, and where sources disagree. */
export function sayFigures(found: FiguresFinding): string {
  const more = found.moreGroups > 0 ? [`${counted(found.moreGroups, "more group")} left out.`] : [];
  return [
    ...found.lines.flatMap((line) => sayLine(line, found)),
    ...more,
    definitionLine(found.lines.flatMap(({ figures }) => figures)),
    `Window: ${windowsTold(found).join("; ")}.`,
    ...found.churnSources.flatMap((each) => saySources(each, found.proof)),
  ].join("\n");
}

function windowsTold({ windows, lines, groupedBy, each }: FiguresFinding): string[] {
  const scopes = windows.map(({ title, isPartial }, at) => {
    const scope = { ...lines[0]!.figures[at]!, ...(groupedBy ? { filter: `per ${groupedBy}` } : {}) }; // as many as windows
    return { title: `${title}${isPartial ? " (not over yet)" : ""}`, scope };
  });
  const [first, last] = [scopes[0], scopes.at(-1)];
  if (each === null || !first?.scope.window || !last?.scope.window)
    return scopes.map(({ title, scope }) => `${title}: ${scopeWords(scope)}`);
  const window = { start: first.scope.window.start, end: last.scope.window.end };
  return [`${first.title} to ${last.title}: ${scopeWords({ ...first.scope, window })}`];
}

function sayLine({ metric, group, figures, change }: FigureLine, { windows, each }: FiguresFinding): string[] {
  const values = figures.map((figure, at) => `${windows[at]!.title} ${figureWords(figure, "customer")}`);
  const name = group === null ? `**${metric}**` : `- **${group}**, ${metric}`;
  if (each !== null && group === null)
    return [
      `${name} by ${each}${extremes(figures, windows)}${change ? `; from the first to the last ${change}` : ""}:`,
      ...values.map((value) => `- ${value}`),
    ];
  return [`${name}: ${values.join("; ")}${change ? `. Change ${change}` : ""}.`];
}

/** "highest in April 2026 ($11,160.32), lowest in …": where the windows differ. */
function extremes(figures: FigureLine["figures"], windows: FiguresFinding["windows"]): string {
  const known = figures.flatMap((figure, at) =>
    figure.value === null ? [] : [{ value: figure.value, told: `${windows[at]!.title} (${sayFigure(figure)})` }],
  );
  const sorted = known.toSorted((a, b) => b.value - a.value);
  const [highest, lowest] = [sorted[0], sorted.at(-1)];
  return highest && lowest && highest.value > lowest.value
    ? `: highest in ${highest.told}, lowest in ${lowest.told}`
    : "";
}

/**
 * Said where a source says otherwise; counts of the window are held against each other, and those of all time. The SQL
 * stands with it where the sources disagree on the window itself, or where it is asked for.
 */
function saySources(
  { window, lost, byLedger, bySubscription, byRecord, byCrm, proofs }: ChurnBySource,
  asked: boolean,
): string[] {
  const inside =
    lost === byRecord && lost === bySubscription
      ? []
      : [
          `from ${window.start} up to ${window.end} the ledger has ${counted(lost, "customer")} that went to 0 MRR, the churn records name ${counted(byRecord, "account")}, and ${counted(bySubscription, "account")} had a subscription end`,
        ];
  const ever =
    byLedger === byCrm
      ? []
      : [
          `over all time the ledger has ${counted(byLedger, "account")} that paid and pay no more, and the CRM calls ${counted(byCrm, "account")} churned`,
        ];
  const told = [...inside, ...ever];
  if (told.length === 0 && !asked) return [];
  const disagree = proofs.filter(({ of }) => (of === "window" ? inside : ever).length > 0);
  const shown = asked ? proofs : inside.length > 0 ? disagree : [];
  return [
    told.length === 0
      ? "The sources agree on who churned."
      : `The sources disagree on who churned: ${told.join("; ")}. The figure follows the ledger.${shown.length === 0 && proofs.length > 0 ? " Ask for the SQL to see the query of each." : ""}`,
    ...(shown.length === 0 ? [] : ["The SQL that proves each:", "```", ...shown.map(proofLine), "```"]),
  ];
}

const proofLine = ({ source, of, count, sql }: ChurnProof): string =>
  `${sql} -- ${source}${of === "all time" ? ", all time" : ""}: ${count}`;
