import { FACT_NAMES, isFact } from "./condition.ts";
import { FACTS } from "./facts.ts";
import type { LifecycleModel, Rule, SinceFact, Stage } from "./model.ts";
import type { Moves } from "./moves.ts";
import { didYouMean } from "./nearest-names.ts";
import { placesIn } from "./words.ts";
import type { Problem } from "./yaml-places.ts";

const DATE_FACTS = FACT_NAMES.filter((name) => FACTS[name].kind === "date");

/** What a schema cannot see: names that are used twice or do not exist, moves both allowed and forbidden. */
export function problemsOf(model: LifecycleModel, moves: Moves): Problem[] {
  return [
    ...twice(model.stages).map((at) => ({ path: ["stages", at, "id"], message: "another stage has this id" })),
    ...badSince(model.default.since, ["default", "since"]),
    ...badPlaces(model.default.says, ["default", "says"]),
    ...model.stages.flatMap((stage, at) => stageProblems(stage, ["stages", at], moves)),
    ...ruleProblems(model.lapsed.rule, ["lapsed", "enter"]),
    ...unknownMoves(model.lapsed.moves, ["lapsed", "moves"], moves),
  ];
}

function stageProblems(stage: Stage, path: PropertyKey[], moves: Moves): Problem[] {
  const { allowed, forbidden } = stage.moves;
  const both = forbidden
    .map(({ move }, at) => ({ move, at }))
    .filter(({ move }) => allowed.includes(move))
    .map(({ move, at }) => ({
      path: [...path, "moves", "forbidden", at, "move"],
      message: `"${move}" is both allowed and forbidden in ${stage.id}; keep one of the two`,
    }));
  const names = forbidden.map(({ move }) => move);
  return [
    ...(["enter", "stay"] as const).flatMap((kind) => rulesProblems(stage[kind], [...path, kind])),
    ...unknownMoves(allowed, [...path, "moves", "allowed"], moves),
    ...unknownMoves(names, [...path, "moves", "forbidden"], moves),
    ...both,
  ];
}

const rulesProblems = (rules: Rule[], path: PropertyKey[]): Problem[] => [
  ...twice(rules).map((at) => ({ path: [...path, at, "id"], message: "another rule beside it has this id" })),
  ...rules.flatMap((rule, at) => ruleProblems(rule, [...path, at])),
];

const ruleProblems = (rule: Rule, path: PropertyKey[]): Problem[] => [
  ...badSince(rule.since, [...path, "since"]),
  ...badPlaces(rule.says, [...path, "says"]),
];

function badSince(since: SinceFact | null, path: PropertyKey[]): Problem[] {
  if (!since) return [];
  if (!isFact(since.fact)) {
    return [{ path, message: `there is no fact "${since.fact}"${didYouMean(since.fact, DATE_FACTS)}` }];
  }
  if (FACTS[since.fact].kind === "date") return [];
  return [{ path, message: `${since.fact} is not a date${didYouMean(since.fact, DATE_FACTS)}` }];
}

const badPlaces = (says: string, path: PropertyKey[]): Problem[] =>
  placesIn(says)
    .filter((place) => !isFact(place))
    .map((place) => ({ path, message: `{${place}} names no fact${didYouMean(place, FACT_NAMES)}` }));

const unknownMoves = (names: string[], path: PropertyKey[], moves: Moves): Problem[] =>
  names
    .map((name, at) => ({ name, at }))
    .filter(({ name }) => !moves.has(name))
    .map(({ name, at }) => ({
      path: [...path, at],
      message: `there is no move "${name}"${didYouMean(name, [...moves.keys()])}`,
    }));

/** The places of those whose id an earlier one has taken. */
const twice = (named: { id: string }[]): number[] =>
  named.flatMap((each, at) => (named.findIndex((other) => other.id === each.id) < at ? [at] : []));
