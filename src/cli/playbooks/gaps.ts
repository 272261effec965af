import { BadInput } from "#errors.ts";
import { type GapGroup, gapGroups } from "#playbooks/gaps.ts";
import { stemmerOf } from "#playbooks/languages.ts";
import { actorIn } from "#workspaces/workspace.ts";
import { type PlaceOptions, pickWorkspace, type Terminal, type Told } from "../terminal.ts";
import { begin } from "./write.ts";

interface GapsOptions extends PlaceOptions {
  scaffold?: number;
  id?: string;
  stage?: string;
  into?: string;
}

/** `playbooks gaps`: what is missing, and a draft made of one group. */
export async function gaps(terminal: Terminal, { scaffold, id, stage, into, ...options }: GapsOptions): Promise<Told> {
  const house = await terminal.house(options);
  const workspace = await pickWorkspace(house, options);
  const stemmer = stemmerOf(workspace.language ?? house.config.language);
  const groups = await house.database.read(actorIn(workspace), (rows) => gapGroups(rows, stemmer));
  if (scaffold === undefined) return { json: { workspace: workspace.handle, groups }, words: listOf(groups) };
  const group = groups[scaffold - 1];
  if (!group)
    throw new BadInput(`There is no group ${scaffold}. There are ${groups.length}: \`perennial playbooks gaps\`.`);
  const written = await begin(terminal, {
    id: id ?? idOf(asTrigger(group.question)),
    stage: stage ?? "retention",
    triggers: group.questions.map(asTrigger),
    ...(into ? { into } : {}),
  });
  return {
    json: { ...written, group },
    words: `Begun: **${written.file}**, with ${group.questions.length} triggers as they were asked. Fill it in and take the line \`draft: true\` out.`,
  };
}

const LONGEST_TRIGGER = 300;

/** A question without the places where names stood. */
const asTrigger = (question: string): string =>
  question
    .replace(/\((account|address|link|number)\)/g, " ")
    .replace(/\s+(?=[?.!,\s]|$)/g, "")
    .trim()
    .slice(0, LONGEST_TRIGGER) || question;
const SHOWN = 30;
const EXAMPLES = 3;

function listOf(groups: GapGroup[]): string {
  if (groups.length === 0) return "No question went without a playbook yet.";
  const all = groups.reduce((sum, { count }) => sum + count, 0);
  const head = `**${all} questions** that no playbook covers, in ${groups.length} groups:`;
  const rest = groups.length > SHOWN ? [`… and ${groups.length - SHOWN} more groups.`] : [];
  return [head, ...groups.slice(0, SHOWN).flatMap(linesOf), ...rest].join("\n");
}

function linesOf({ question, questions, count, newest, stages, nearest }: GapGroup, at: number): string[] {
  const about = [`${count}×`, `last ${newest}`, stages.join(", "), nearest && `nearest: ${nearest}`];
  const others = questions.filter((each) => each !== question).slice(0, EXAMPLES);
  return [
    `${at + 1}. “${line(question)}” (${about.filter(Boolean).join("; ")})`,
    ...others.map((each) => `   - “${line(each)}”`),
  ];
}

/** A question as people typed it, on one line and without Markdown of its own. */
const line = (text: string): string =>
  text
    .replace(/[`*_[\]<>|]/g, " ")
    .replace(/\s+/g, " ")
    .trim();

const WORDS_OF_ID = 5;

const idOf = (question: string): string =>
  question
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9\s]+/g, "")
    .trim()
    .split(/\s+/)
    .slice(0, WORDS_OF_ID)
    .join("-") || "new-playbook";
