import type { Ledger } from "./ledger.ts";
import { folded, holds, plainText } from "./plain-text.ts";

const FORMS =
  "GmbH(?: & Co\\.? KG(?:aA)?)?|gGmbH|AG|SE|KG|OHG|UG|Inc\\.?|Incorporated|LLC|LLP|LP|Ltd\\.?|Limited|PLC|plc|Corp\\.?|Corporation|S\\.A\\.|SA|SAS|SARL|S\\.L\\.|B\\.V\\.|BV|N\\.V\\.|NV|AB|ApS|A/S|Oy|Pty|S\\.p\\.A\\.|SpA|Srl|Co\\.";
const COMPANY = new RegExp(`((?:[\\p{Lu}\\d][\\p{L}\\p{N}&.'’_-]*,? ){1,4})(?:${FORMS})(?![\\p{L}\\p{N}])`, "gu");
const CAPITALISED =
  /[\p{Lu}\d][\p{L}\p{N}&'’_-]*(?:\.[\p{L}\p{N}]+)*(?:(?: | & | of | and | de | van | von | the )[\p{Lu}\d][\p{L}\p{N}&'’_-]*)*/gu;
const LONGEST_NAME = 5; // words
const MOST_CANDIDATES = 300;

/** Names in a text that might be accounts and are in no finding, for the store to say which of them are accounts. */
export function nameCandidates(text: string, ledger: Ledger): string[] {
  const found = new Set<string>();
  for (const [run] of plainText(text).matchAll(CAPITALISED)) {
    const words = run.split(" ");
    for (let from = 0; from < words.length; from++) {
      for (let to = from + 1; to <= Math.min(words.length, from + LONGEST_NAME); to++) {
        const name = words
          .slice(from, to)
          .join(" ")
          .replace(/['’]s$/, "");
        if (/^[\p{Lu}\d]/u.test(name) && !/^\d+$/.test(name) && name.length > 1 && !holds(ledger.text, folded(name)))
          found.add(name);
        if (found.size >= MOST_CANDIDATES) return [...found];
      }
    }
  }
  return [...found];
}

/** A company in a sentence that no finding names: by its legal form, or because the workspace knows it. */
export function strangeName(sentence: string, ledger: Ledger, knownAccountNames: readonly string[]): string | null {
  for (const match of sentence.matchAll(COMPANY)) {
    const words = folded(match[0]).replaceAll(",", "").split(" ");
    const suffixes = words.slice(0, -1).map((_, at) => words.slice(at).join(" "));
    const text = ledger.text.replaceAll(",", "");
    if (!suffixes.some((name) => holds(text, name) || holds(text, name.replace(/\.$/, "")))) return match[0].trim();
  }
  const low = sentence.toLowerCase();
  for (const name of knownAccountNames) {
    const at = low.indexOf(name.toLowerCase());
    if (at < 0 || !/[\p{Lu}\d]/u.test(sentence[at]!) || !holds(low, name.toLowerCase())) continue;
    if (!holds(ledger.text, folded(name))) return name;
  }
  return null;
}
