import type { Block, User } from "./shapes.ts";
import type { World } from "./world.ts";

const URL_IN_TEXT = /https?:\/\/[^\s<>|]+[^\s<>|.,;:!?)]/g;

/** What somebody typed, as Slack sends it: "@Owen Fairclough", "#sales" and addresses become links, & < > are escaped. */
export function typedText(world: World, by: User, typed: string): string {
  let text = typed.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const people = [...world.users.values()].toSorted((a, b) => b.real_name.length - a.real_name.length);
  for (const { id, name, real_name } of people) {
    for (const called of [real_name, name]) text = text.replace(named("@", called), `<@${id}>`);
  }
  return channelsNamed(world, by, text).replace(URL_IN_TEXT, (url) => `<${url}>`);
}

/** The same for channels alone, which Slack writes so in a command too. */
export function channelsNamed(world: World, by: User, typed: string): string {
  let text = typed;
  for (const { id, name, team_id } of world.channels.values()) {
    if (name !== "" && team_id === by.team_id) text = text.replace(named("#", name), `<#${id}|${name}>`);
  }
  return text;
}

const named = (sign: string, name: string): RegExp =>
  new RegExp(`(?<![\\w<])${sign}${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\w])`, "giu");

/** Addresses in Slack's form: "<https://crm.example/1>", "<https://crm.example/1|the record>". */
export const linksIn = (text: string): string[] =>
  [...text.matchAll(/<(https?:\/\/[^|>]+)(?:\|[^>]*)?>/g)].flatMap(([, url]) =>
    url !== undefined && URL.canParse(url) ? [url] : [],
  );

/** The block that stands beside the text of everything people write. */
export function richTextOf(text: string): Block {
  const elements = text.split(/(<[^>]+>)/).flatMap((piece): Record<string, unknown>[] => {
    if (piece === "") return [];
    const [, sign, target] = piece.match(/^<([@#!]?)([^|>]+)(?:\|[^>]*)?>$/) ?? [];
    if (target === undefined) return [{ type: "text", text: unescaped(piece) }];
    if (sign === "@") return [{ type: "user", user_id: target }];
    if (sign === "#") return [{ type: "channel", channel_id: target }];
    if (sign === "!") return [{ type: "broadcast", range: target }];
    return [{ type: "link", url: unescaped(target) }];
  });
  return { type: "rich_text", elements: [{ type: "rich_text_section", elements }] };
}

const unescaped = (text: string): string =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
