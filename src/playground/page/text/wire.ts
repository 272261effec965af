import type { PageWorld } from "../../page-api/types.ts";

/** What a person typed → what Slack's own client would send: mentions as ids, links in angle brackets, `<>&` escaped. */
export function toWire(typed: string, world: PageWorld): string {
  const known = [
    ...[...world.users, { id: world.bot.userId, realName: world.bot.name }].map(({ id, realName }) => ({
      shown: `@${realName}`,
      wire: `<@${id}>`,
    })),
    ...world.channels
      .filter(({ type }) => type === "channel" || type === "group")
      .map(({ id, name }) => ({ shown: `#${name}`, wire: `<#${id}|${name}>` })),
  ];
  // The longest first: "@Ann Lee" must not be taken for "@Ann".
  known.sort((a, b) => b.shown.length - a.shown.length);
  const shown = known.map((each) => RegExp.escape(each.shown)).join("|");
  const pattern = new RegExp(`(?:${shown})(?![\\p{L}\\p{N}_-])|https?://[^\\s<>]*[^\\s<>.,;:!?)]|[<>&]`, "giu");
  const escapes: Record<string, string> = { "<": "&lt;", ">": "&gt;", "&": "&amp;" };
  return typed.replace(pattern, (found) => {
    if (escapes[found] !== undefined) return escapes[found];
    if (/^https?:/i.test(found)) return `<${found.replace(/&/g, "&amp;")}>`;
    return known.find((each) => each.shown.toLowerCase() === found.toLowerCase())!.wire;
  });
}
