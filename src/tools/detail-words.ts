import type { WholeAccount } from "#accounts/overview.ts";
import type { Word } from "#accounts/said.ts";
import { type DetailLine, line, orNone, told } from "./detail-line.ts";
import { CONTACT_NAMES } from "./in-channel.ts";
import type { Subject } from "./subject.ts";
import { capital, distance } from "./words.ts";

/** Who we know there, and who of us owns the account. */
export function contactLines(whole: WholeAccount | null, { overview, facts }: Subject): DetailLine[] {
  const people = whole?.contacts ?? [];
  const known = Math.max(Number(facts.values.contacts ?? 0), people.length);
  const lines = people.map(({ name, title, role, leftOn }) => {
    const what = capital((role ?? "contact").replaceAll("_", " "));
    const left = leftOn ? `, left on ${leftOn}` : "";
    return told(
      `${what}: ${[name ?? "without a name", title].filter(Boolean).join(", ")}${left}`,
      null,
      `${what} on record${left}`,
      CONTACT_NAMES,
    );
  });
  const decides = people.some(({ role, leftOn }) => role === "decision_maker" && leftOn === null);
  if (lines.length > 0 && !decides) lines.push(line("Decision maker: none on record"));
  const more = known > people.length ? [line(`and ${known - people.length} more`)] : [];
  const owner = line(`Ours: ${overview.owner ?? "nobody"}`);
  return [...orNone(lines, "Contacts"), ...more, owner];
}

/** The last word of theirs, of ours, and the last meeting. */
export function lastContactLines(words: Word[], today: string): DetailLine[] {
  const newest = [
    words.find(({ who }) => who === "customer"),
    words.find(({ who }) => who === "us"),
    words.find(({ meeting }) => meeting),
  ].filter((each) => each !== undefined);
  const lines = orNone([...new Set(newest)].map(wordLine(today)), "Last contact");
  return words.some(({ meeting }) => meeting) ? lines : [...lines, line("Last meeting: none on record")];
}

/** One word of either side as a line. */
export const wordLine =
  (today: string) =>
  ({ on, who, how, contact, subject, body }: Word): DetailLine => {
    const says = `${on} (${distance(on, today)}), ${how} ${who === "us" ? "from us" : "from the customer"}`;
    const by = contact ? (who === "us" ? ` to ${contact}` : `, ${contact}`) : "";
    const text = [subject, body].filter(Boolean).join(" — ");
    return told(`${says}${by}`, text || null, says, "what was said");
  };
