import { z } from "zod";
import { type Condition, conditionSchema } from "./condition.ts";
import type { FactName } from "./facts.ts";
import { problemsOf } from "./model-checks.ts";
import type { Moves } from "./moves.ts";
import { readBySchema, readYaml } from "./yaml-places.ts";

export { type Move, type Moves, parseMoves } from "./moves.ts";

/** The stages that playbooks are written for; each stage of a model says which of them it is like. */
export const PLAYBOOK_STAGES = ["awareness", "consideration", "purchase", "support", "retention", "advocacy"] as const;
export type PlaybookStage = (typeof PLAYBOOK_STAGES)[number];

/** The day that a rule dates from: a date fact, plus days where the rule says "for longer than". */
export interface SinceFact {
  fact: FactName;
  plusDays: number;
}

/** A sentence that is true of an account when its condition holds. */
export interface Rule {
  id: string;
  says: string;
  since: SinceFact | null;
  /** "immediate": a fact about money, which needs no second look before the account moves. */
  confirm: "immediate" | "usual";
  condition: Condition;
}

export interface ForbiddenMove {
  move: string;
  because: string;
}

export interface Stage {
  id: string;
  name: string;
  objective: string;
  expectedDays: number | null;
  like: PlaybookStage[];
  crmStages: string[];
  /** Rules that bring an account into the stage. */
  enter: Rule[];
  /** Looser rules that keep it there. */
  stay: Rule[];
  /** On how many days the rules must see this stage before an account moves into it. */
  confirmations: number;
  moves: { allowed: string[]; forbidden: ForbiddenMove[] };
}

export interface LifecycleModel {
  id: string;
  version: number;
  name: string;
  source: string;
  /** What is said of an account on which nothing is known; it stands in the first stage. */
  default: { says: string; since: SinceFact | null };
  /** First to last; the most advanced stage that holds wins. */
  stages: Stage[];
  /** Beside every stage: has paid, pays no more. What the stage forbids stays forbidden. */
  lapsed: { rule: Rule; crmStages: string[]; moves: string[] };
}

const id = z.string().regex(/^[a-z][a-z0-9]*([_-][a-z0-9]+)*$/, "write an id in lower case, like first-invoice");
const sentence = z.string().trim().min(1, "write a sentence here");
const lowerCase = z.string().transform((name) => name.trim().toLowerCase());
const shortSince = z.string().transform((fact) => ({ fact, plus_days: 0 }));
const longSince = z.strictObject({ fact: z.string(), plus_days: z.int().min(0).default(0) });
const sinceSchema = z
  .union([shortSince, longSince], { error: "write a date fact, or { fact: …, plus_days: … }" })
  .transform(({ fact, plus_days }): SinceFact => ({ fact: fact as FactName, plusDays: plus_days })); // checked in problemsOf

const ruleSchema = z
  .looseObject({
    id,
    says: sentence,
    since: sinceSchema.nullable().default(null),
    confirm: z.enum(["immediate", "usual"]).default("usual"),
  })
  .transform(({ id, says, since, confirm, ...written }, context): Rule => {
    const parsed = conditionSchema.safeParse(written);
    if (parsed.success) return { id, says, since, confirm, condition: parsed.data };
    for (const { message, path } of parsed.error.issues) {
      context.addIssue({ code: "custom", message, path: [...path], input: written });
    }
    return z.NEVER;
  });

const stageSchema = z.strictObject({
  id,
  name: sentence,
  objective: sentence,
  expected_days: z.int().positive().nullable(),
  like: z.array(z.enum(PLAYBOOK_STAGES)).min(1, "name the playbook stages that this stage is like"),
  crm_stages: z.array(lowerCase).default([]),
  enter: z.array(ruleSchema).min(1, "a stage needs at least one rule to enter"),
  stay: z.array(ruleSchema).default([]),
  confirmations: z.int().min(1).optional(),
  moves: z.strictObject({
    allowed: z.array(z.string()).min(1, "a stage needs at least one move"),
    forbidden: z.array(z.strictObject({ move: z.string(), because: sentence })).default([]),
  }),
});

const modelSchema = z.strictObject({
  id,
  version: z.int().positive(),
  name: sentence,
  source: sentence,
  confirmations: z.int().min(1, "one judgement is the least").default(2),
  shared: z.unknown().optional(), // a place for YAML anchors; what they stand for is checked where it is used
  default: z.strictObject({ says: sentence, since: sinceSchema.nullable().default(null) }),
  stages: z.array(stageSchema).min(1, "a model needs at least one stage"),
  lapsed: z.strictObject({
    enter: ruleSchema,
    crm_stages: z.array(lowerCase).default([]),
    moves: z.array(z.string()).min(1, "name the moves for those who left"),
  }),
});

/** Reads a lifecycle model. Throws BadInput that names file, line, place and cure for each problem. */
export function parseModel(yamlText: string, fileName: string, moves: Moves): LifecycleModel {
  const file = readYaml(yamlText, fileName);
  const { shared: _, ...written } = readBySchema(file, modelSchema);
  const model: LifecycleModel = {
    ...written,
    stages: written.stages.map(({ expected_days, crm_stages, confirmations, ...stage }) => ({
      ...stage,
      expectedDays: expected_days,
      crmStages: crm_stages,
      confirmations: confirmations ?? written.confirmations,
    })),
    lapsed: { rule: written.lapsed.enter, crmStages: written.lapsed.crm_stages, moves: written.lapsed.moves },
  };
  file.refuse(problemsOf(model, moves));
  return model;
}

/** The stage of a model by its id; undefined when the model has none of that name. */
export const stageOf = (model: LifecycleModel, stage: string): Stage | undefined =>
  model.stages.find((each) => each.id === stage);
