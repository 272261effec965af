import type { PlaybookFault, ReadPlaybooks } from "./folder.ts";
import type { Playbook } from "./playbook.ts";
import type { KnownPlaybook } from "./store.ts";

export interface BrokenPlaybook extends PlaybookFault {
  /** Whether the version before the fault is still found. */
  oldVersionKept: boolean;
}

/** What an ingest did, in playbooks; `embedded` is in passages. */
export interface IngestResult {
  added: number;
  changed: number;
  gone: number;
  same: number;
  broken: BrokenPlaybook[];
  /** Files that are marked as drafts, and so are not found. */
  drafts: string[];
  /** Playbooks that lie over one of an earlier source. */
  replaced: ReadPlaybooks["replaced"];
  embedded: number;
  summary: string;
}

/** What an ingest has to do, and what it may leave. */
export interface Plan {
  added: Playbook[];
  changed: Playbook[];
  gone: string[];
  /** Ids whose file is broken now. */
  kept: string[];
  /** What will be indexed when it is done, apart from what is kept. */
  current: Playbook[];
  same: number;
  broken: BrokenPlaybook[];
}

/**
 * The sources beside the index. A file that moved is a change; one that is broken keeps its old version, also where an
 * earlier source has a playbook of the same id.
 */
export function compare(playbooks: Playbook[], faults: PlaybookFault[], before: KnownPlaybook[]): Plan {
  const read = new Map(playbooks.map((each) => [each.id, each]));
  const broken = new Set(faults.map(({ file }) => file));
  const kept = before.filter(({ id, file }) => broken.has(file) && read.get(id)?.file !== file);
  const keptIds = new Set(kept.map(({ id }) => id));
  const current = playbooks.filter(({ id }) => !keptIds.has(id));
  const old = new Map(before.map((each) => [each.id, each]));
  const [fresh, met] = [current.filter(({ id }) => !old.has(id)), current.filter(({ id }) => old.has(id))];
  const changed = met.filter(({ id, hash }) => old.get(id)!.hash !== hash);
  const keptFiles = new Set(kept.map(({ file }) => file));
  return {
    added: fresh,
    changed,
    gone: before.filter(({ id }) => !read.has(id) && !keptIds.has(id)).map(({ id }) => id),
    kept: [...keptIds],
    current,
    same: met.length - changed.length,
    broken: faults.map((fault) => ({ ...fault, oldVersionKept: keptFiles.has(fault.file) })),
  };
}

/** A plan that was carried out, in counts and in a sentence for people. */
export function told(
  { added, changed, gone, same, broken }: Plan,
  { drafts, replaced }: Pick<ReadPlaybooks, "drafts" | "replaced">,
  embedded: number,
): IngestResult {
  const counts = { added: added.length, changed: changed.length, gone: gone.length, same };
  const faults = broken.map(
    ({ reason, oldVersionKept }) => `${reason}${oldVersionKept ? " Its old version is kept." : ""}`,
  );
  const parts = [
    counts.added > 0 && `${counts.added} new`,
    `${counts.changed} changed`,
    `${counts.gone} gone`,
    `${counts.same} as before`,
    drafts.length > 0 && `${drafts.length} in draft`,
    broken.length > 0 && `${broken.length} broken (${faults.join("; ")})`,
  ];
  return {
    ...counts,
    broken,
    drafts: drafts.map(({ file }) => file),
    replaced,
    embedded,
    summary: parts.filter((part) => part !== false).join(", "),
  };
}
