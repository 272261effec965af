import type { z } from "zod";

/** An issue in Slack's words: "[ERROR] must be less than 151 characters [json-pointer:/blocks/0/text/text]". */
export function complaint(issue: z.core.$ZodIssue, input: unknown, base: string): string {
  const path = [...issue.path];
  const words = inWords(issue, at(input, path));
  // What is missing is complained about at the place that lacks it.
  if (words === null) return told(`missing required field: ${String(path.pop())}`, base, path);
  return told(words, base, path);
}

export function told(words: string, base: string, path: PropertyKey[]): string {
  const pointer = [base, ...path.map(String)].join("/");
  return `[ERROR] ${words} [json-pointer:${pointer}]`;
}

/** Null: it is missing. */
function inWords(issue: z.core.$ZodIssue, found: unknown): string | null {
  if (found === undefined && issue.code !== "custom") return null;
  switch (issue.code) {
    case "unrecognized_keys":
      return `invalid additional property: ${issue.keys.join(", ")}`;
    case "too_big":
      if (issue.origin === "string") return `must be less than ${Number(issue.maximum) + 1} characters`;
      if (issue.origin === "array") return `no more than ${issue.maximum} items allowed`;
      return `must be at most ${issue.maximum}`;
    case "too_small":
      if (issue.origin === "string") return `must be more than ${Number(issue.minimum) - 1} characters`;
      if (issue.origin === "array") return `no less than ${issue.minimum} items allowed`;
      return `must be ${issue.inclusive === false ? "more than" : "at least"} ${issue.minimum}`;
    case "invalid_union":
      return `unsupported type: ${String(found)}`;
    case "invalid_value":
      return `must be one of ${issue.values.map(String).join(", ")}`;
    case "invalid_type":
      return `must be a valid ${issue.expected}`;
    case "invalid_format":
      return issue.format === "url" ? "must be a valid URL" : "must be of the documented form";
    default:
      return issue.message;
  }
}

function at(input: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (here, key) =>
      typeof here === "object" && here !== null ? (here as Record<PropertyKey, unknown>)[key] : undefined,
    input,
  );
}
