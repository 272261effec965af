import { z } from "zod";
import type { Tool } from "./define-tool.ts";

/** What is used here of a JSON schema. */
export interface Shape {
  type?: string;
  description?: string;
  format?: string;
  enum?: string[];
  default?: unknown;
  items?: Shape;
  properties?: Record<string, Shape>;
  required?: string[];
}

/** The input of a tool as a JSON schema. */
export const shapeOf = ({ input }: Tool): Shape =>
  z.toJSONSchema(input, { io: "input", unrepresentable: "any" }) as Shape; // a JSON schema object

/** One field of a tool's input as a flag. */
export interface Field {
  /** Kebab-case, without the dashes before it. */
  flag: string;
  path: string[];
  shape: Shape;
  required: boolean;
}

/** The fields of a tool's input. A group such as `filters` lends its fields, so that --stage is enough for filters.stage. */
export function fieldsOf(shape: Shape): Field[] {
  const top = Object.entries(shape.properties ?? {});
  const fields = top.flatMap(([name, each]) => leavesOf([name], each, shape.required?.includes(name) ?? false));
  const groups = new Set(top.filter(([, each]) => each.properties).map(([name]) => name));
  const named = fields.map((field) => ({
    ...field,
    flag: flagOf(groups.has(field.path[0] ?? "") ? field.path.slice(1) : field.path),
  }));
  const isTwice = ({ flag }: Field) => named.filter((other) => other.flag === flag).length > 1;
  return named.map((field) => (isTwice(field) ? { ...field, flag: flagOf(field.path) } : field));
}

function leavesOf(path: string[], shape: Shape, required: boolean): Field[] {
  if (!shape.properties) return [{ flag: "", path, shape, required }];
  return Object.entries(shape.properties).flatMap(([name, inner]) =>
    leavesOf([...path, name], { ...inner, description: inner.description ?? shape.description ?? "" }, false),
  );
}

/** A flag that begins with "no-" would be a negation, so no_contact_days becomes --without-contact-days. */
const flagOf = (path: string[]): string => path.join("-").replaceAll("_", "-").replace(/^no-/, "without-");

/** Names in an input that the tool does not know, which would otherwise be passed over in silence. */
export function unknownNames(shape: Shape, value: unknown, place = ""): { name: string; known: string[] }[] {
  const { properties } = shape;
  if (!properties || typeof value !== "object" || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const known = properties[name];
    return known
      ? unknownNames(known, inner, `${place}${name}.`)
      : [{ name: `${place}${name}`, known: Object.keys(properties) }];
  });
}

/** Sets a field of an input, and makes the groups that it stands in. */
export function put(input: Record<string, unknown>, [name = "", ...rest]: string[], value: unknown): void {
  if (rest.length === 0) {
    input[name] = value;
    return;
  }
  const inner = (input[name] ?? {}) as Record<string, unknown>; // only made here
  input[name] = inner;
  put(inner, rest, value);
}
