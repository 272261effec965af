import { z } from "zod";
import { findAccount } from "#accounts/find.ts";
import { wholeAccount } from "#accounts/overview.ts";
import { defineTool } from "./define-tool.ts";
import { accountInput } from "./subject.ts";
import { spellingNote } from "./words.ts";

export const findAccountTool = defineTool({
  name: "find_account",
  title: "Find an account",
  description:
    "Tells which account a name, former name, domain or misspelling means, and who owns it. Use for “who owns …?” and when only the account is asked for.",
  effect: "reads",
  input: z.object({ name: accountInput }),
  run: ({ name }, { database, actor }) =>
    database.read(actor, async (rows) => {
      const account = await findAccount(rows, name);
      const { owner, team, country, segment, industry, domains, aliases, parent, children } = await wholeAccount(
        rows,
        account.id,
      );
      return { account, owner, team, country, segment, industry, domains, aliases, parent, children };
    }),
  say: ({ account, owner, team, country, segment, industry, domains, aliases, parent, children }) => {
    const about = [segment, industry, country, ...domains].filter(Boolean).join(", ");
    const lines = [
      `${spellingNote(account)}**${account.name}**${about ? ` (${about})` : ""}`,
      `- Owner: ${owner ?? "nobody"}${team ? `, team ${team}` : ""}`,
      aliases.length > 0 && `- Also known as ${aliases.join(", ")}`,
      parent && `- Belongs to ${parent}`,
      children.length > 0 && `- Has the subsidiaries ${children.join(", ")}`,
    ];
    return lines.filter(Boolean).join("\n");
  },
});
