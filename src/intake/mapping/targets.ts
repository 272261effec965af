import type { z } from "zod";
import { type RecordKind, records } from "../records.ts";

/** What a target takes; a column is read as this unless the mapping says otherwise. */
export type Natural =
  | "text"
  | "integer"
  | "decimal"
  | "money"
  | "boolean"
  | "day"
  | "moment"
  | "list"
  | "reference"
  | "table";

export interface TargetField {
  /** `name`, `owner.email`, `custom.seats`. */
  path: string[];
  natural: Natural;
}

/** The ways in which a mapping may tell which account, person or contact is meant. */
const REFERENCE_WAYS = ["id", "source", "domain", "email", "name"];

/** The fields that a kind of record has, with what each takes. */
export function targetsOf(kind: RecordKind): Map<string, Natural> {
  const shape = records[kind].shape as Record<string, z.ZodType>;
  return new Map(
    Object.entries(shape)
      .filter(([field]) => field !== "id")
      .map(([field, type]) => [field, naturalOf(field, type)]),
  );
}

/** The target that a mapping names, or null when the kind has no such field. */
export function findTarget(kind: RecordKind, named: string): TargetField | null {
  const [field, ...rest] = named.split(".");
  const natural = targetsOf(kind).get(field!);
  if (!natural) return null;
  if (natural === "table") return rest.length > 0 ? { path: [field!, rest.join(".")], natural: "text" } : null;
  if (natural === "reference")
    return rest.length === 0 || (rest.length === 1 && REFERENCE_WAYS.includes(rest[0]!))
      ? { path: [field!, ...rest], natural: "text" }
      : null;
  return rest.length === 0 ? { path: [field!], natural } : null;
}

function naturalOf(field: string, type: z.ZodType): Natural {
  const { def } = unwrapped(type);
  if (def.type === "number")
    return field.endsWith("Minor")
      ? "money"
      : def.checks?.some((each) => each._zod.def.check === "number_format")
        ? "integer"
        : "decimal";
  if (def.type === "boolean") return "boolean";
  if (def.type === "array") return "list";
  if (def.type === "union") return "reference";
  if (def.type === "record") return "table";
  if (def.type === "string" && def.format === "date") return "day";
  return def.type === "string" && def.format === "datetime" ? "moment" : "text";
}

interface Definition {
  type: string;
  format?: string;
  innerType?: z.ZodType;
  checks?: { _zod: { def: { check: string } } }[];
}

/** The type inside "optional" and "nullable". */
function unwrapped(type: z.ZodType): { def: Definition } {
  // zod's definitions are a wide union; only these few fields of it are read.
  const def = type.def as unknown as Definition;
  return def.innerType ? unwrapped(def.innerType) : { def };
}
