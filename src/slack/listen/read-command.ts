import { didYouMean } from "#lifecycle/nearest-names.ts";
import { type Field, put } from "#tools/by-hand.ts";
import type { Tool } from "#tools/define-tool.ts";
import { listed } from "#tools/words.ts";
import { type Subcommand, usageOf } from "./subcommands.ts";

/** What somebody typed behind /perennial. */
export type Typed =
  | { kind: "help" }
  | { kind: "settings" }
  | { kind: "question"; question: string }
  | { kind: "call"; tool: string; input: Record<string, unknown> }
  /** It cannot be done like this; the sentence says how. */
  | { kind: "wrong"; sentence: string };

/** Reads what stands behind /perennial: a subcommand with what it takes, or a question as it is. */
export function readCommand(typed: string, subcommands: readonly Subcommand[]): Typed {
  const text = typed.trim();
  if (/^(?:help|\?)?$/i.test(text)) return { kind: "help" };
  if (/^settings$/i.test(text)) return { kind: "settings" };
  const asked = /^ask\b[\s:]*(?<question>.*)$/is.exec(text)?.groups?.question;
  if (asked !== undefined) return asked === "" ? { kind: "help" } : { kind: "question", question: asked };
  const called = calledIn(text, subcommands);
  if (called) return readCall(text, called);
  return mistyped(text, subcommands) ?? { kind: "question", question: text };
}

interface Called {
  subcommand: Subcommand;
  rest: string;
}

/** The subcommand at the beginning of a line: "next steps Acme", "next-steps Acme" and "next Acme" are one. */
function calledIn(text: string, subcommands: readonly Subcommand[]): Called | null {
  const named = subcommands.flatMap((subcommand) => subcommand.names.map((name) => ({ subcommand, name })));
  for (const { subcommand, name } of named.sort((a, b) => b.name.length - a.name.length)) {
    const words = name.replace(/s$/, "").replaceAll(" ", "[\\s_-]+");
    const found = new RegExp(`^${words}s?(?=[\\s:]|$)[\\s:]*`, "i").exec(text);
    if (found) return { subcommand, rest: text.slice(found[0].length) };
  }
  return null;
}

/** "why is Acme at risk?", "next month's renewals", "find accounts in Germany": sentences that only begin like a subcommand. */
const SENTENCE =
  /\?\s*$|^(?:is|are|was|were|am|do|does|did|has|have|had|can|could|should|would|will|the|a|an|in|on|at|of|for|to|with|about|my|our|all|any|every|which|that|who|accounts?|customers?|week|month|quarter|year)\b/i;

function readCall(text: string, { subcommand, rest }: Called): Typed {
  const { tool, main } = subcommand;
  const { words, given, unknown } = flagsIn(rest, subcommand);
  const asQuestion = main === null ? words !== "" : main.flag !== "question" && SENTENCE.test(words);
  if (asQuestion) return { kind: "question", question: text };
  const [strange] = unknown;
  if (strange !== undefined) {
    const near = didYouMean(
      strange,
      subcommand.fields.map(({ flag }) => flag),
    );
    return wrong(subcommand, `${strange}: is not known there${near.replace(/\?$/, "")}`);
  }
  const input: Record<string, unknown> = {};
  if (main && words !== "") put(input, main.path, words);
  for (const { field, value } of given) put(input, field.path, value);
  return checked(tool, input, subcommand);
}

/** The input as the tool takes it, or what is wrong with it, field by field. */
function checked(tool: Tool, input: Record<string, unknown>, subcommand: Subcommand): Typed {
  const { main, fields } = subcommand;
  const missing = fields.find(
    ({ required, path }) => required && path.length === 1 && input[path[0] ?? ""] === undefined,
  );
  if (missing) return wrong(subcommand, missing === main ? `Tell me the ${missing.flag}` : `Say ${missing.flag}: too`);
  const read = tool.input.safeParse(input);
  if (read.success) return { kind: "call", tool: tool.name, input };
  const faults = read.error.issues.map(({ path, message }) => `${flagOf(fields, path.map(String))}: ${message}`);
  return wrong(subcommand, faults.join("; "));
}

const flagOf = (fields: readonly Field[], path: string[]): string =>
  fields.find((each) => each.path.every((step, at) => path[at] === step))?.flag ?? path.join(".");

function wrong(subcommand: Subcommand, what: string): Typed {
  const usage = usageOf(subcommand);
  const others = subcommand.fields.map(({ flag }) => `${flag}:`).filter((flag) => !usage.includes(flag));
  const also = others.length > 0 && subcommand.main !== null ? ` It also takes ${listed(others)}.` : "";
  return { kind: "wrong", sentence: `${what}. Type /perennial ${subcommand.name} ${usage}.${also}` };
}

interface Flags {
  words: string;
  given: { field: Field; value: unknown }[];
  /** Flags of that form that the tool does not have. */
  unknown: string[];
}

const FLAG = /(?<=^|\s)(?:--)?(?<flag>[a-z][a-z-]+)[:=](?:"(?<quoted>[^"]*)"|“(?<curly>[^”]*)”|(?<bare>[^\s"“/]\S*))/gi;

/** Takes "since:2026-10-01" and "owner:"Dana Cole"" out of the words. Words of a question keep their colons. */
function flagsIn(rest: string, { fields, main }: Subcommand): Flags {
  const given: Flags["given"] = [];
  const unknown: string[] = [];
  const words = rest.replace(FLAG, (whole, ...found) => {
    const { flag = "", quoted, curly, bare } = found.at(-1) as Record<string, string | undefined>; // the named groups
    const field = fields.find((each) => each.flag === flag.toLowerCase());
    if (field) given.push({ field, value: readValue(field, quoted ?? curly ?? bare ?? "") });
    else if (main?.flag === "question") return whole;
    else unknown.push(flag);
    return "";
  });
  return { words: words.replace(/\s+/g, " ").trim(), given, unknown };
}

/** What the flag's type makes of it. What cannot be read stays text: the tool's own check then names the field. */
function readValue({ shape }: Field, text: string): unknown {
  if (shape.type === "array")
    return text
      .split(",")
      .map((each) => each.trim())
      .filter(Boolean);
  if (shape.type === "boolean")
    return /^(?:yes|true|on)$/i.test(text) ? true : /^(?:no|false|off)$/i.test(text) ? false : text;
  const isNumber = shape.type === "number" || shape.type === "integer";
  return isNumber && text.trim() !== "" && !Number.isNaN(Number(text)) ? Number(text) : text;
}

/** A first word that is a subcommand but for one slip of the fingers, in a line that is no sentence. */
function mistyped(text: string, subcommands: readonly Subcommand[]): Typed | null {
  const [first = "", ...rest] = text.split(/\s+/);
  if (/\?\s*$/.test(text) || SENTENCE.test(rest.join(" "))) return null;
  const meant = subcommands.find(({ names }) => names.some((name) => isOneSlip(first.toLowerCase(), name)));
  if (!meant) return null;
  const line = [meant.name, ...rest].join(" ");
  return {
    kind: "wrong",
    sentence: `There is no subcommand “${first}”. Did you mean /perennial ${line}? Or ask it as it is: /perennial ask ${text}`,
  };
}

const SHORTEST = 4; // letters; with one of fewer wrong, it is another word

/** One letter more, less or other, or two neighbours swapped. */
function isOneSlip(a: string, b: string): boolean {
  if (a === b || Math.min(a.length, b.length) < SHORTEST || Math.abs(a.length - b.length) > 1) return false;
  let from = 0;
  while (from < Math.min(a.length, b.length) && a[from] === b[from]) from += 1;
  let end = 0;
  while (end < Math.min(a.length, b.length) - from && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  const [one, other] = [a.slice(from, a.length - end), b.slice(from, b.length - end)];
  return Math.max(one.length, other.length) === 1 || (one.length === 2 && one === [...other].reverse().join(""));
}
