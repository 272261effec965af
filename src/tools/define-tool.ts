import type { z } from "zod";
import type { Actor } from "#actor.ts";
import type { Database } from "#database/door.ts";
import type { Gap } from "#playbooks/gaps.ts";
import type { ChurnReport } from "#reports/churn-report.ts";
import type { InChannel } from "./in-channel.ts";
import type { Knowledge } from "./knowledge.ts";

/** What every tool is given: who asks, where, on which day. None of it can be chosen by a model. */
export interface ToolContext {
  database: Database;
  actor: Actor;
  /** The day of the question in the workspace's zone, ISO. */
  today: string;
  zone: string;
  baseCurrency: string;
  knowledge: Knowledge;
  /** Hears of a question that no playbook covers. A tool cannot write; who made the context keeps it. */
  onGap?(gap: Gap): Promise<void>;
  /** Hears of a churn report that is given out, so that a later one can say what changed. */
  onReport?(report: ChurnReport): Promise<void>;
}

/** A tool, declared once: the model, the terminal and Slack all read this. */
export interface Tool<I extends z.ZodType = z.ZodType, F = unknown> {
  name: string;
  title: string;
  /** What it tells and when to use it, for a model and for a person. */
  description: string;
  /** There is no "writes": a change is proposed, and a person presses. */
  effect: "reads" | "proposes";
  input: I;
  /** The typed finding. Throws AskAgain when the asker must say more. */
  run(input: z.output<I>, context: ToolContext): Promise<F>;
  /** The finding in words (Markdown), for the model, the terminal and screen readers. */
  say(finding: F): string;
  /** Playbook passages that the finding rests on; advice must cite one of them. */
  sources?(finding: F): Source[];
  /** Where the playbooks were asked and did not answer: the sentence that says so, and the closest ones. Else null. */
  honestNo?(finding: F): string | null;
  /** What it says of moves is a rule of the lifecycle model: advice may rest on it without a passage. */
  tellsRules?: true;
  /** The finding without what a channel must not see. Absent: the finding never holds such a thing. */
  inChannel?(finding: F): InChannel<F>;
}

/** A playbook passage as an answer cites it. */
export interface Source {
  playbook: string;
  section: string;
  /** `knowledge/playbooks/retention/x.md#steps` */
  path: string;
  playbookId: string;
  text: string;
  /** Why it was found, in words; empty where the lifecycle model named it. */
  matched: string;
  /** The day by which it was to be reviewed, once that is over. */
  overdueSince: string | null;
}

/** Gives a tool its types. */
export const defineTool = <I extends z.ZodType, F>(tool: Tool<I, F>): Tool<I, F> => tool;
