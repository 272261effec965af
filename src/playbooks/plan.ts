import type { PlaybookFault } from "./folder.ts";
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
  same: number;
  broken: BrokenPlaybook[];
}

/** The folder beside the index. A file that moved is a change; one that is broken keeps its old version. */
export function compare(playbooks: Playbook[], faults: PlaybookFault[], before: KnownPlaybook[]): Plan {
  const ids = new Set(playbooks.map(({ id }) => id));
  const old = new Map(before.map((each) => [each.id, each]));
  const broken = new Set(faults.map(({ file }) => file));
  const absent = before.filter(({ id }) => !ids.has(id));
  const kept = absent.filter(({ file }) => broken.has(file));
  const keptFiles = new Set(kept.map(({ file }) => file));
  const [fresh, met] = [playbooks.filter(({ id }) => !old.has(id)), playbooks.filter(({ id }) => old.has(id))];
  const changed = met.filter(({ id, hash }) => old.get(id)!.hash !== hash);
  return {
    added: fresh,
    changed,
    gone: absent.filter(({ file }) => !broken.has(file)).map(({ id }) => id),
    kept: kept.map(({ id }) => id),
    same: met.length - changed.length,
    broken: faults.map((fault) => ({ ...fault, oldVersionKept: keptFiles.has(fault.file) })),
  };
}

/** A plan that was carried out, in counts and in a sentence for people. */
export function told({ added, changed, gone, same, broken }: Plan, embedded: number): IngestResult {
  const counts = { added: added.length, changed: changed.length, gone: gone.length, same };
  const faults = broken.map(
    ({ reason, oldVersionKept }) => `${reason}${oldVersionKept ? " Its old version is kept." : ""}`,
  );
  const parts = [
    counts.added > 0 && `${counts.added} new`,
    `${counts.changed} changed`,
    `${counts.gone} gone`,
    `${counts.same} as before`,
    broken.length > 0 && `${broken.length} broken (${faults.join("; ")})`,
  ];
  return { ...counts, broken, embedded, summary: parts.filter((part) => part !== false).join(", ") };
}
