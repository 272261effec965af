import type { findAccountTool } from "#tools/find-account.ts";
import type { Block, Look } from "../message.ts";
import { accountButtons, spellingWords } from "./account-buttons.ts";
import { context, fact, fields, type More, section } from "./elements.ts";
import { escaped, lineIn, nameIn } from "./outside-text.ts";

export type FindFinding = Awaited<ReturnType<typeof findAccountTool.run>>;

const MOST_NAMES = 10;

/** Which account is meant, and who owns it. */
export function findCard(found: FindFinding, _: Look, more: More = {}): Block[] {
  const { account, owner, team, country, segment, industry, domains, aliases, parent, children } = found;
  const about = [segment, industry, country].filter((each) => !!each).join(" · ");
  const facts = [
    fact("Owner", `${owner ? nameIn(owner, 80) : "nobody"}${team ? `, ${lineIn(team, 60)}` : ""}`),
    domains.length > 0 && fact("Domains", named(domains)),
    aliases.length > 0 && fact("Also known as", named(aliases)),
    parent && fact("Belongs to", nameIn(parent)),
    children.length > 0 && fact("Subsidiaries", named(children)),
  ].filter((each) => typeof each === "string");
  return [
    section(`*${nameIn(account.name)}*${about ? `  ·  ${lineIn(about, 200)}` : ""}`),
    fields(facts),
    ...(account.spelling ? [context(escaped(spellingWords(account).join(" ")))] : []),
    ...accountButtons(account, more),
  ];
}

const named = (names: readonly string[]): string => {
  const shown = names.slice(0, MOST_NAMES).map((each) => nameIn(each, 100));
  return `${shown.join(", ")}${names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : ""}`;
};
