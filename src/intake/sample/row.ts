import type { Incoming, RecordKind, RecordOf } from "../records.ts";

/** The systems that the sample company keeps its customer data in. */
export type Source = "crm" | "billing" | "helpdesk" | "telemetry" | "marketing" | "surveys";

export interface Row {
  source: Source;
  incoming: Incoming;
}

/** One record and the system it stands in. */
export function row<K extends RecordKind>(source: Source, kind: K, record: RecordOf<K>): Row {
  // Kind and record belong together by the signature; the union of all kinds cannot say so.
  return { source, incoming: { kind, record } as Incoming };
}

/** How every other system names an account, a person or a contact of the CRM. */
export const inCrm = (id: string): { source: string; id: string } => ({ source: "crm", id });
