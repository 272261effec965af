import { z } from "zod";
import { ENCODINGS } from "../csv/encoding.ts";
import { type RecordKind, WRITING_ORDER } from "../records.ts";
import { isFormat } from "./times.ts";
import { TRANSFORMS } from "./transforms.ts";

const constant = z.union([z.string(), z.number(), z.boolean()]);
const columns = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);
const decimal = z.enum([",", "."]);
const zone = z.string().refine(isZone, "must be a time zone such as Europe/Berlin");
const currency = z.string().regex(/^[A-Z]{3}$/, "must be a currency code such as USD");

const valueSchema = z
  .strictObject({
    from: columns.optional(),
    value: constant.optional(),
    template: z.string().optional(),
    as: z
      .enum(TRANSFORMS, {
        error: (issue) => `"${String(issue.input)}" is no transform; there are ${TRANSFORMS.join(", ")}`,
      })
      .optional(),
    formats: z.array(z.string().refine(isFormat, "must hold YYYY, MM and DD, or be unix or unix_ms")).optional(),
    zone: zone.optional(),
    currency: currency.optional(),
    decimal: decimal.optional(),
    separator: z.string().min(1).optional(),
    map: z.record(z.string(), constant.nullable()).optional(),
    otherwise: constant.nullable().optional(),
    null_when: z.array(z.string()).optional(),
    if_filled: constant.optional(),
    if_empty: constant.optional(),
  })
  .refine(
    (field) => [field.from, field.value, field.template].filter((each) => each !== undefined).length === 1,
    "must have one of `from`, `value` and `template`",
  );

/** Where a field's value comes from: a column (by any of its names), a constant, or several columns in a template. */
export const fieldSchema = z.preprocess(
  (given) => (typeof given === "string" || Array.isArray(given) ? { from: given } : given),
  valueSchema,
);
export type FieldSpec = z.output<typeof fieldSchema>;

const fields = z.record(z.string(), fieldSchema);

const fileSchema = z.strictObject({
  file: z.string().min(1),
  kind: z.enum(WRITING_ORDER as [RecordKind, ...RecordKind[]], {
    error: (issue) => `"${String(issue.input)}" is no kind; there are ${WRITING_ORDER.join(", ")}`,
  }),
  source: z.string().min(1).max(100).optional(),
  id: columns,
  delimiter: z.string().length(1).optional(),
  encoding: z.enum(ENCODINGS).optional(),
  optional: z.boolean().default(false),
  /** References that may lead to rows that have not come yet. */
  may_wait: z.array(z.string()).default([]),
  skip_when: z.strictObject({ column: columns, is: z.array(z.string()) }).optional(),
  fields,
  /** Fields that are filled where the file has the column, and left out where it has not. */
  if_present: fields.default({}),
});
export type FileSpec = z.output<typeof fileSchema>;

export const mappingSchema = z.strictObject({
  source: z.string().min(1).max(100),
  description: z.string().optional(),
  defaults: z
    .strictObject({ currency: currency.optional(), zone: zone.optional(), decimal: decimal.optional() })
    .default({}),
  files: z.array(fileSchema).min(1, "must name at least one file"),
});

function isZone(given: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: given });
    return true;
  } catch (notAZone) {
    if (notAZone instanceof RangeError) return false;
    throw notAZone;
  }
}
