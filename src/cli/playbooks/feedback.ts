import { BadInput } from "#errors.ts";
import { feedbackReport, keepFeedback, type ToldFeedback } from "#playbooks/feedback.ts";
import { actorIn } from "#workspaces/workspace.ts";
import { type PlaceOptions, pickWorkspace, type Terminal, type Told } from "../terminal.ts";

interface FeedbackOptions extends PlaceOptions {
  section?: string;
  helped?: string;
  note?: string;
}

/** `playbooks feedback`: the report; with a playbook, one more entry for it. */
export async function feedback(
  terminal: Terminal,
  playbookId: string | undefined,
  { section = "Steps", helped, note, ...options }: FeedbackOptions,
): Promise<Told> {
  if (playbookId !== undefined && helped !== "yes" && helped !== "no") {
    throw new BadInput("Say whether the passage helped: --helped yes, or --helped no.");
  }
  const house = await terminal.house(options);
  const actor = actorIn(await pickWorkspace(house, options));
  if (playbookId === undefined) {
    const report = await house.database.read(actor, feedbackReport);
    return { json: { feedback: report }, words: reportOf(report) };
  }
  const given = { playbookId, section, helped: helped === "yes", note: note ?? null };
  await house.database.write(actor, (rows) => keepFeedback(rows, given));
  return { json: given, words: `Noted: ${playbookId}, ${section} ${given.helped ? "helped" : "did not help"}.` };
}

function reportOf(report: ToldFeedback[]): string {
  if (report.length === 0) return "Nobody has said of a passage whether it helped.";
  const row = ({ playbookId, section, helped, not, newest, notes }: ToldFeedback) =>
    `| ${playbookId} | ${cell(section)} | ${helped} | ${not} | ${newest} | ${cell(notes.join(" / "))} |`;
  return [
    "| Playbook | Section | Helped | Did not | Last | Notes |",
    "|---|---|---|---|---|---|",
    ...report.map(row),
  ].join("\n");
}

const cell = (text: string): string => text.replace(/\s+/g, " ").replaceAll("|", "\\|");
