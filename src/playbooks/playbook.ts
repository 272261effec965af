import { z } from "zod";
import { type Condition, conditionSchema } from "#lifecycle/condition.ts";

/** The stages that a playbook may be for: those of the model experience-six, and the side state "lapsed". */
export const PLAYBOOK_STAGES = [
  "awareness",
  "consideration",
  "purchase",
  "support",
  "retention",
  "advocacy",
  "lapsed",
] as const;

/** One heading section of a playbook, as Markdown. */
export interface Passage {
  /** The section's own heading; the playbook's title for what stands above the first one. */
  section: string;
  /** Headings from the second level down to this section. */
  path: string[];
  /** The part of a link after `#`. */
  anchor: string;
  text: string;
  /** Of everything that is indexed of the passage: equal hash, equal vector. */
  hash: string;
}

/** What a company does in one situation: front matter and passages of one Markdown file. */
export interface Playbook {
  id: string;
  title: string;
  stages: string[];
  situations: string[];
  personas: string[];
  /** How colleagues put the situation, in their words. */
  triggers: string[];
  /** When it fires for an account; null: for every account of its stages. */
  when: Condition | null;
  moves: string[];
  effort: { level: "low" | "medium" | "high"; minutes: number };
  ownerRole: string;
  dueInDays: number;
  reviewBy: string;
  success: string;
  /** Where it stands, from the folder above the playbooks on: `knowledge/playbooks/retention/x.md`. */
  file: string;
  hash: string;
  /** Being written: checked, and not indexed. */
  draft?: true;
  passages: Passage[];
}

const snake = (what: string) =>
  z.string().regex(/^[a-z][a-z0-9_]*$/, `${what} is written in snake_case, like price_objection`);
const kebab = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "an id is written in kebab-case, like renewal-60-days-silent");
const line = z.string().trim().min(1, "must not be empty").max(300, "is longer than 300 characters");
const many = <T extends z.ZodType>(of: T) => z.array(of).max(40, "more than 40 are too many");

/** Front matter as it is written. */
export const frontMatter = z.strictObject({
  id: kebab,
  title: line,
  stages: many(z.enum(PLAYBOOK_STAGES, { error: `must be one of ${PLAYBOOK_STAGES.join(", ")}` })).min(
    1,
    "name at least one stage",
  ),
  situations: many(snake("a situation")).default([]),
  personas: many(snake("a persona")).default([]),
  triggers: many(line).min(1, "write at least one sentence that a colleague would type (5 to 20 are good)"),
  when: conditionSchema.nullish(),
  moves: many(snake("a move")).default([]),
  effort: z.strictObject({
    level: z.enum(["low", "medium", "high"], { error: "must be low, medium or high" }),
    minutes: z.number().int().min(1).max(10_000),
  }),
  owner_role: snake("a role"),
  due_in_days: z.number().int().min(0).max(365),
  review_by: z.iso.date("must be a day like 2027-05-01"),
  success: line,
  draft: z.literal(true, "write draft: true, or leave the line out").optional(),
});
