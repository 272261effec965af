import { hash } from "node:crypto";
import type { z } from "zod";
import { type Incoming, type RecordKind, records } from "../records.ts";
import type { Batch, Row } from "./row.ts";

/**
 * The records of one kind that are whole and come first under their id; the others are refused, each with its reason.
 * `repeated`: how many said once more what the first of their id had said, which is no fault (a list names its people in each row).
 */
export function checked(
  kind: RecordKind,
  incoming: readonly Incoming[],
  batch: Batch,
): { standing: Row[]; repeated: number } {
  const firsts = new Map<string, Row>();
  let repeated = 0;
  for (const each of incoming) {
    const row = checkedRow(kind, each, batch);
    const first = row && firsts.get(row.id);
    if (row && !first) firsts.set(row.id, row);
    else if (row && first?.hash === row.hash) repeated += 1;
    else if (row) batch.refuse(row, "id", duplicate(first?.line ?? null));
  }
  return { standing: [...firsts.values()], repeated };
}

/** Why the second row with an id is refused. */
export function duplicate(line: number | null, file?: string): string {
  const place = line === null ? "earlier in this batch" : `in line ${line}${file ? ` of ${file}` : ""}`;
  return `duplicate id, first seen ${place}; the first one counts`;
}

function checkedRow(kind: RecordKind, each: Incoming, batch: Batch): Row | null {
  const line = each.line ?? null;
  const read = records[kind].safeParse(each.record);
  if (!read.success) {
    const issue = read.error.issues[0]!;
    batch.refuse({ kind, id: idOf(each.record), line }, issue.path.join(".") || null, faultOf(issue, each.record));
    return null;
  }
  const text = JSON.stringify(read.data);
  // JSON writes a NUL and half a surrogate pair as escapes; PostgreSQL takes neither into a text.
  if (/\\u(0000|d[89a-f][0-9a-f]{2})/.test(text) && holdsUnstorable(read.data)) {
    batch.refuse(
      { kind, id: read.data.id, line },
      null,
      "holds a character that cannot be stored (NUL or half a surrogate pair); remove it at the source",
    );
    return null;
  }
  return {
    kind,
    id: read.data.id,
    line,
    fields: read.data,
    raw: each.raw ?? each.record,
    mayWait: each.mayWait ?? [],
    hash: hash("sha1", text, "base64url"),
    found: {},
    accountId: null,
    extra: {},
  };
}

const holdsUnstorable = (value: unknown): boolean =>
  typeof value === "string"
    ? value.includes("\u0000") || !value.isWellFormed()
    : typeof value === "object" &&
      value !== null &&
      Object.entries(value).some(([key, inner]) => holdsUnstorable(key) || holdsUnstorable(inner));

function idOf(record: object): string | null {
  return "id" in record && typeof record.id === "string" ? record.id.slice(0, 200) : null;
}

function faultOf(issue: z.core.$ZodIssue, record: object): string {
  const given = issue.path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    record,
  );
  if (given === undefined || given === null || given === "") return "is missing";
  const said = typeof given === "object" ? "" : ` (given: ${JSON.stringify(given).slice(0, 80)})`;
  return `${issue.message}${said}`;
}
