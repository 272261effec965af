import { z } from "zod";
import { FACTS, type FactKind, type FactName } from "./facts.ts";
import { didYouMean } from "./nearest-names.ts";

/** Something asked of one fact; several operators must all hold. Money in minor units, ratios as 0.4. */
export interface Leaf {
  fact: FactName;
  is?: string | number;
  is_not?: string | number;
  one_of?: (string | number)[];
  above?: number;
  below?: number;
  at_least?: number;
  at_most?: number;
  within_days?: number;
  older_than_days?: number;
  ahead_within_days?: number;
  known?: boolean;
}

export type Condition = { all: Condition[] } | { any: Condition[] } | { not: Condition } | Leaf;
export type Operator = Exclude<keyof Leaf, "fact">;

const scalar = z.union([z.string(), z.number()], { error: "expected a text or a number" });
const days = z.number().int("whole days are expected").min(0, "days cannot be negative");
const operators = {
  is: scalar,
  is_not: scalar,
  one_of: z.array(scalar).min(1, "a list with at least one value is expected"),
  above: z.number(),
  below: z.number(),
  at_least: z.number(),
  at_most: z.number(),
  within_days: days,
  older_than_days: days,
  ahead_within_days: days,
  known: z.boolean(),
} satisfies Record<Operator, z.ZodType>;

const leafSchema = z
  .strictObject({ fact: z.string(), ...operators })
  .partial()
  .required({ fact: true });

export const OPERATORS = Object.keys(operators) as Operator[]; // the keys are checked against Operator above
const DATE_OPERATORS: Operator[] = ["within_days", "older_than_days", "ahead_within_days", "known"];
const TEXT_OPERATORS: Operator[] = ["is", "is_not", "one_of", "known"];
const NUMBER_OPERATORS = OPERATORS.filter((each) => each === "known" || !DATE_OPERATORS.includes(each));

const suits = (kind: FactKind): Operator[] =>
  kind === "date" ? DATE_OPERATORS : kind === "text" ? TEXT_OPERATORS : NUMBER_OPERATORS;

interface Problem {
  path: PropertyKey[];
  message: string;
}

/** A condition as written in YAML. An unknown fact or an operator that does not suit it is named with its place. */
export const conditionSchema = z.unknown().transform((written, context): Condition => {
  const problems: Problem[] = [];
  const condition = readCondition(written, [], problems);
  for (const { path, message } of problems) context.addIssue({ code: "custom", message, path, input: written });
  return condition ?? z.NEVER;
});

function readCondition(written: unknown, path: PropertyKey[], problems: Problem[]): Condition | null {
  if (!isRecord(written)) {
    problems.push({ path, message: "a condition is expected: { fact: … }, { all: […] }, { any: […] } or { not: … }" });
    return null;
  }
  const keys = Object.keys(written);
  const joint = (["all", "any", "not"] as const).find((key) => key in written);
  if (!joint) return readLeaf(written, path, problems);
  if (keys.length > 1) {
    const others = keys.filter((key) => key !== joint).join(", ");
    problems.push({ path, message: `"${joint}" stands alone; move ${others} into it` });
    return null;
  }
  if (joint === "not") {
    const inner = readCondition(written.not, [...path, "not"], problems);
    return inner && { not: inner };
  }
  return readList(joint, written[joint], [...path, joint], problems);
}

function readList(joint: "all" | "any", written: unknown, path: PropertyKey[], problems: Problem[]): Condition | null {
  if (!Array.isArray(written) || written.length === 0) {
    problems.push({ path, message: `"${joint}" needs a list with at least one condition` });
    return null;
  }
  const list = written.map((each, at) => readCondition(each, [...path, at], problems)).filter((each) => each !== null);
  return joint === "all" ? { all: list } : { any: list };
}

function readLeaf(written: Record<string, unknown>, path: PropertyKey[], problems: Problem[]): Condition | null {
  const parsed = leafSchema.safeParse(written);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) problems.push({ path: [...path, ...issue.path], message: wordsOf(issue) });
    return null;
  }
  const { fact, ...asked } = parsed.data;
  if (!isFact(fact)) {
    problems.push({ path: [...path, "fact"], message: `there is no fact "${fact}"${didYouMean(fact, FACT_NAMES)}` });
    return null;
  }
  const fitting = suits(FACTS[fact].kind);
  const wrong = OPERATORS.filter((each) => asked[each] !== undefined && !fitting.includes(each));
  for (const each of wrong) {
    const message = `"${each}" does not suit ${fact}, which is a ${FACTS[fact].kind}; use ${fitting.join(", ")}`;
    problems.push({ path: [...path, each], message });
  }
  if (Object.keys(asked).length === 0) {
    problems.push({ path, message: `nothing is asked of ${fact}; add one of ${fitting.join(", ")}` });
  }
  return { ...asked, fact };
}

function wordsOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== "unrecognized_keys") return issue.message;
  const key = issue.keys[0] ?? "";
  return `"${key}" is no operator${didYouMean(key, OPERATORS)}`;
}

/** All facts that a condition names, each once. */
export function factsIn(condition: Condition): FactName[] {
  if ("all" in condition) return [...new Set(condition.all.flatMap(factsIn))];
  if ("any" in condition) return [...new Set(condition.any.flatMap(factsIn))];
  return "not" in condition ? factsIn(condition.not) : [condition.fact];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const FACT_NAMES = Object.keys(FACTS) as FactName[]; // the keys of FACTS are its names

/** Whether a name is one of FACTS. */
export const isFact = (name: string): name is FactName => Object.hasOwn(FACTS, name);
