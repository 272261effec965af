import { posix } from "node:path";
import type { LifecycleModel, Moves } from "#lifecycle/model.ts";
import { validatePlaybookMoves } from "#lifecycle/playbook-checks.ts";
import type { ReadPlaybooks } from "./folder.ts";
import { alikePairs } from "./likeness.ts";
import { linksIn } from "./links.ts";
import type { Playbook } from "./playbook.ts";

/** Something about a playbook file that wants a person's eye. "error": it is not found, or can never be offered. */
export interface CheckedFault {
  file: string;
  playbook: string | null;
  severity: "error" | "warning";
  kind: "file" | "link" | "moves" | "alike" | "review" | "triggers" | "draft";
  says: string;
}

export interface Check {
  read: ReadPlaybooks;
  models: readonly LifecycleModel[];
  moves: Moves;
  today: string;
}

/** Looks through playbooks as they lie on disk: files, links, moves, likeness, review days, triggers, drafts. */
export function checkPlaybooks({ read, models, moves, today }: Check): CheckedFault[] {
  const all = [...read.playbooks, ...read.drafts];
  const own = all.filter(isWritten);
  return [
    ...read.faults.map(
      ({ file, reason }): CheckedFault => ({ file, playbook: null, severity: "error", kind: "file", says: reason }),
    ),
    ...all.flatMap((playbook) => brokenLinks(playbook, all)),
    ...moveFaults(own, models, moves),
    ...alikeFaults(all),
    ...own.flatMap((playbook) => [...reviewFaults(playbook, today), ...triggerFaults(playbook)]),
    ...read.drafts.map((draft) =>
      fault(draft, "warning", "draft", "is a draft; take the line draft: true out to have it found"),
    ),
  ];
}

/** A page of an export has no moves, review day or triggers that somebody wrote. */
const isWritten = ({ moves, ownerRole }: Playbook): boolean => moves.length > 0 || ownerRole !== "anyone";

const fault = (
  { file, id }: Playbook,
  severity: CheckedFault["severity"],
  kind: CheckedFault["kind"],
  says: string,
): CheckedFault => ({ file, playbook: id, severity, kind, says });

/** Links to other Markdown files, and to their sections. Addresses on the web are not asked. */
function brokenLinks(playbook: Playbook, all: Playbook[]): CheckedFault[] {
  const files = new Map(all.map((each) => [each.file, each]));
  const links = playbook.passages.flatMap(({ text }) => linksIn(text));
  return [...new Set(links)].flatMap((link) => {
    const [path = "", anchor = ""] = link.split("#");
    const target = path === "" ? playbook : files.get(posix.join(posix.dirname(playbook.file), decodeURI(path)));
    if (!target) return [fault(playbook, "error", "link", `links to ${link}, and there is no such playbook`)];
    if (anchor === "" || target.passages.some((each) => each.anchor === anchor)) return [];
    return [fault(playbook, "warning", "link", `links to ${link}, and ${target.id} has no such section`)];
  });
}

function moveFaults(own: Playbook[], models: readonly LifecycleModel[], moves: Moves): CheckedFault[] {
  const rules = own
    .filter((each) => each.moves.length > 0)
    .map(({ effort, ...same }) => ({ ...same, effortMinutes: effort.minutes }));
  const byId = new Map(own.map((each) => [each.id, each]));
  const without = own
    .filter((each) => each.moves.length === 0)
    .map((each) => fault(each, "warning", "moves", "names no move, so it is never offered as a next step"));
  const found = validatePlaybookMoves(models, moves, rules).map(
    ({ playbook, severity, says }) => fault(byId.get(playbook)!, severity, "moves", says), // the rules are of these
  );
  return [...without, ...found];
}

const alikeFaults = (all: Playbook[]): CheckedFault[] =>
  alikePairs(all).map(({ one, other, says }) => fault(one, "warning", "alike", `${says} ${other.id}`));

const reviewFaults = (playbook: Playbook, today: string): CheckedFault[] =>
  playbook.reviewBy < today
    ? [
        fault(
          playbook,
          "warning",
          "review",
          `was to be reviewed by ${playbook.reviewBy}; read it and set a new review_by`,
        ),
      ]
    : [];

const [FEWEST_TRIGGERS, MOST_TRIGGERS] = [5, 20];

function triggerFaults(playbook: Playbook): CheckedFault[] {
  const { length } = playbook.triggers;
  if (length >= FEWEST_TRIGGERS && length <= MOST_TRIGGERS) return [];
  return [
    fault(
      playbook,
      "warning",
      "triggers",
      `has ${length} ${length === 1 ? "trigger" : "triggers"}; ${FEWEST_TRIGGERS} to ${MOST_TRIGGERS} are good`,
    ),
  ];
}
