import { MOVEMENT_WORDS } from "#accounts/movement-words.ts";
import type { RowLabel } from "#accounts/row-labels.ts";
import { FACTS, type FactName } from "#lifecycle/facts.ts";
import type { ShownReason } from "./subject.ts";

// What colleagues in a channel do not see: what a customer or a colleague wrote, and who people at the customer are.
// They do see names of accounts, stages, days, owners, money, counts, health, and what the playbooks say.

/** A finding as a channel may see it, and in words what was kept out of it. */
export interface InChannel<F> {
  finding: F;
  keptOut: string[];
}

export const CONTACT_NAMES = "names of contacts";
export const OPPORTUNITY_NAMES = "names of opportunities";
export const REASONS = "reasons that were written down";

/** Gathers what is kept out, each once. */
export class KeptOut {
  readonly #words = new Set<string>();

  /** Puts `instead` in the place of a private value, and remembers that where there was one. */
  of<T>(value: T, instead: T, what: string): T {
    if (value !== instead) this.#words.add(what);
    return instead;
  }

  get words(): string[] {
    return [...this.#words];
  }
}

/** Facts whose value is a text that somebody wrote or picked as a reason. */
const WRITTEN: readonly FactName[] = ["lost_reason", "churn_reason"];
const WRITTEN_LABELS = WRITTEN.map((fact) => FACTS[fact].label);

/** Reasons with their rows, without names and written words. */
export const plainReasons = (reasons: readonly ShownReason[], kept: KeptOut): ShownReason[] =>
  reasons.map((reason) => ({ ...plainValue(reason, kept), rows: reason.rows.map((row) => plainRow(row, kept)) }));

function plainValue(reason: ShownReason, kept: KeptOut): ShownReason {
  if (!WRITTEN_LABELS.includes(reason.what) || reason.value === null) return reason;
  return { ...reason, value: kept.of<ShownReason["value"]>(reason.value, null, REASONS), shown: "on record" };
}

/** Words on facts ("2 open tickets"), without those that tell a written text. */
export const plainFactWords = (words: readonly string[], kept: KeptOut): string[] =>
  words.map((each) => {
    const label = WRITTEN_LABELS.find((one) => each.startsWith(one));
    return label ? kept.of(each, `${label} on record`, REASONS) : each;
  });

/** Labels of rows that hold outside text, and what stands for them in a channel. Ids of contacts may be addresses. */
function plainRow(row: RowLabel, kept: KeptOut): RowLabel {
  const [table] = row.row.split(":");
  const { label, source } = row;
  if (table === "contact")
    return { ...row, label: kept.of(label, "contact", CONTACT_NAMES), source: kept.of(source, null, CONTACT_NAMES) };
  if (table === "opportunity") return { ...row, label: kept.of(label, "opportunity", OPPORTUNITY_NAMES) };
  return table === "mrr_event" ? { ...row, label: kept.of(label, plainEntry(label), REASONS) } : row;
}

/** "ledger entry of 2026-10-01, expansion": the day, and the reason where it is a word for a movement. */
function plainEntry(label: string): string {
  const [, entry = "ledger entry", reason] = /^(ledger entry of \S{10})(?:, (.*))?$/s.exec(label) ?? [];
  return reason && MOVEMENT_WORDS.includes(reason) ? label : entry;
}
