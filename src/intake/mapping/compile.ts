import type { Mapping } from "../mapping.ts";
import type { Incoming } from "../records.ts";
import { type Columns, columnsOf } from "./columns.ts";
import type { FieldSpec, FileSpec } from "./schema.ts";
import { findTarget, type Natural, targetsOf } from "./targets.ts";
import { patternOf } from "./times.ts";
import { type Setting, type Transform, transforms } from "./transforms.ts";
import { Unfit } from "./unfit.ts";

/** Turns the fields of one row into a record; null where the mapping skips the row. Throws Unfit. */
export type RowReader = (fields: readonly string[], line: number) => Incoming | null;

/** A file's rows as records, and the column behind each of their fields. */
export interface Compiled {
  read: RowReader;
  idOf(fields: readonly string[]): string;
  columnOf(field: string | null): string | null;
}

type Taker = (fields: readonly string[], currency: string | null) => unknown;

/** Fits a mapping to the heading of one file. Throws BadInput where a column is missing. */
export function compile(mapping: Mapping, spec: FileSpec, heading: readonly string[], file: string): Compiled {
  const columns = columnsOf(heading, file);
  const place = (target: string) => `${mapping.file}, ${spec.kind}.${target}`;
  const idOf = templateTaker(idTemplate(spec.id, columns, place("id")), columns, place("id"));
  const skip = spec.skip_when
    ? {
        at: columns.must(spec.skip_when.column, place("skip_when")),
        is: new Set(spec.skip_when.is.map((each) => each.toLowerCase())),
      }
    : null;
  const takers = takersOf(mapping, spec, columns, place);
  const ownCurrency = takers.find((each) => each.target === "currency")?.take;
  const currencyOf: Taker = (fields) => ownCurrency?.(fields, null) ?? mapping.defaults.currency ?? null;
  const bringsCurrency = targetsOf(spec.kind).has("currency");
  const read: RowReader = (fields, line) => {
    if (skip?.is.has(fields[skip.at]!.trim().toLowerCase())) return null;
    const currency = currencyOf(fields, null) as string | null; // a text or nothing, by the target's own kind
    const record: Record<string, unknown> = { id: idOf(fields) };
    for (const { target, path, take } of takers) put(record, path, taken(take, fields, currency, target));
    if (bringsCurrency && currency) record.currency = currency;
    // The writer checks every record against its schema.
    return { kind: spec.kind, record: record as Incoming["record"], line, mayWait: spec.may_wait };
  };
  return {
    read,
    idOf,
    columnOf: (field) =>
      field === null
        ? null
        : (takers.find((each) => each.target === field || each.path[0] === field)?.column ??
          (field === "id" ? [spec.id].flat().join(", ") : field)),
  };
}

interface FieldTaker {
  target: string;
  path: string[];
  take: Taker;
  column: string;
}

function takersOf(mapping: Mapping, spec: FileSpec, columns: Columns, place: (target: string) => string): FieldTaker[] {
  const present = Object.entries(spec.if_present).filter(([, field]) => isPresent(field, columns));
  return [...Object.entries(spec.fields), ...present].map(([target, field]) => {
    const { path, natural } = findTarget(spec.kind, target)!; // the mapping was checked when it was read
    return {
      target,
      path,
      take: takerOf(mapping, field, natural, columns, place(target)),
      column: nameOf(field, columns),
    };
  });
}

/** The heading that a field is read from, as the file has it. */
function nameOf({ from, template }: FieldSpec, columns: Columns): string {
  const at = from ? columns.find(from) : null;
  return at === null ? (template ?? "(constant)") : columns.heading[at]!;
}

function isPresent(field: FieldSpec, columns: Columns): boolean {
  if (field.from) return columns.find(field.from) !== null;
  return (
    field.template === undefined || placesIn(field.template).every((each) => columns.find(each.split("|")) !== null)
  );
}

function takerOf(mapping: Mapping, field: FieldSpec, natural: Natural, columns: Columns, place: string): Taker {
  if (field.value !== undefined) return () => field.value;
  const source =
    field.template !== undefined
      ? templateTaker(field.template, columns, place)
      : columnTaker(columns.must(field.from!, place));
  const setting = {
    zone: field.zone ?? mapping.defaults.zone ?? "UTC",
    decimal: field.decimal ?? mapping.defaults.decimal,
    patterns: (field.formats ?? []).map(patternOf),
  };
  const convert = transforms[field.as ?? transformOf(natural)];
  const nothing = new Set(field.null_when?.map((each) => each.toLowerCase()));
  const table = field.map ? new Map(Object.entries(field.map).map(([key, value]) => [key.toLowerCase(), value])) : null;
  return (fields, currency) => {
    const whole = source(fields).trim();
    // Several values for one place: the first counts.
    const text = field.separator && natural !== "list" ? whole.split(field.separator)[0]!.trim() : whole;
    if (text === "" || nothing.has(text.toLowerCase())) return field.if_empty ?? null;
    if (field.if_filled !== undefined) return field.if_filled;
    if (table) return lookedUp(table, text, field);
    const full: Setting = { ...setting, currency: field.currency ?? currency };
    if (natural !== "list") return convert(text, full);
    const parts = field.separator ? text.split(field.separator) : [text];
    return parts
      .map((part) => part.trim())
      .filter((part) => part !== "")
      .map((part) => convert(part, full))
      .filter((part) => part !== null);
  };
}

function lookedUp(table: Map<string, unknown>, text: string, field: FieldSpec): unknown {
  const key = text.toLowerCase();
  if (table.has(key)) return table.get(key);
  if (field.otherwise !== undefined) return field.otherwise;
  throw new Unfit(
    `${JSON.stringify(text)} is not in the mapping's table (${[...table.keys()].join(", ")}); add it, or say \`otherwise\``,
  );
}

const NATURAL: Partial<Record<Natural, Transform>> = {
  integer: "integer",
  decimal: "decimal",
  money: "money",
  boolean: "boolean",
  day: "day",
  moment: "moment",
};
const transformOf = (natural: Natural): Transform => NATURAL[natural] ?? "text";

const columnTaker = (at: number) => (fields: readonly string[]) => fields[at]!;

/** The columns in a template; `{First Name|firstname}` is the first of the two that the file has. */
const placesIn = (template: string) => [...template.matchAll(/\{([^}]+)\}/g)].map((match) => match[1]!);

/** An id is a column, or several in a template: "{order}-{line}". */
function idTemplate(id: string | string[], columns: Columns, place: string): string {
  if (typeof id === "string" && placesIn(id).length > 0 && columns.find(id) === null) return id;
  return `{${columns.heading[columns.must(id, place)]}}`;
}

function templateTaker(template: string, columns: Columns, place: string): (fields: readonly string[]) => string {
  const parts = template
    .split(/\{([^}]+)\}/)
    .map((part, at) => (at % 2 === 0 ? part : columns.must(part.split("|"), place)));
  return (fields) =>
    parts
      .map((part) => (typeof part === "string" ? part : fields[part]!))
      .join("")
      .trim();
}

function taken(take: Taker, fields: readonly string[], currency: string | null, target: string): unknown {
  try {
    return take(fields, currency);
  } catch (error) {
    if (error instanceof Unfit) error.field = target;
    throw error;
  }
}

/** Puts a value at its place: `custom.seats` goes into the object `custom`. Nothing makes no object. */
function put(record: Record<string, unknown>, [field, ...rest]: string[], value: unknown): void {
  if (rest.length === 0) record[field!] = value;
  else if (value !== null) record[field!] = { ...(record[field!] as object | undefined), [rest[0]!]: value };
}
