import type { RecordKind } from "../records.ts";

/** One checked record on its way into its table. */
export interface Row {
  kind: RecordKind;
  /** Its id in its source. */
  id: string;
  line: number | null;
  /** The record's own fields, as its schema let them through. */
  fields: Record<string, unknown>;
  hash: string;
  raw: unknown;
  mayWait: readonly string[];
  /** What its references led to, by field. */
  found: Record<string, Found | undefined>;
  /** The account that the row belongs to. */
  accountId: number | null;
  /** What the writer worked out itself, by column. */
  extra: Record<string, unknown>;
}

/** The row that a reference led to, and the account that this row belongs to. */
export interface Found {
  id: number;
  accountId: number | null;
}

/** A row that was not taken, and why. `column` is the record's field. */
export interface Refused {
  kind: RecordKind;
  id: string | null;
  line: number | null;
  column: string | null;
  reason: string;
}

/** What a batch is written with. */
export interface Batch {
  workspaceId: number;
  source: string;
  /** ISO moment at which the source was read. */
  syncedAt: string;
  now: string;
  /** Day in the workspace's zone. */
  today: string;
  zone: string;
  baseCurrency: string;
  rememberRaw: boolean;
  refuse(row: Pick<Refused, "kind" | "id" | "line">, column: string | null, reason: string): void;
  touched: Set<number>;
}
