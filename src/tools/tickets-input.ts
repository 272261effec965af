import { z } from "zod";
import { windowInput } from "./figure-input.ts";
import { portfolioFilters } from "./portfolio-input.ts";
import { accountInput } from "./subject.ts";

export const TICKET_PRIORITIES = ["urgent", "high", "normal", "low"] as const;
export const TICKET_GROUPS = ["priority", "kind", "team", "owner", "account"] as const;

const days = (what: string) => z.number().int().min(0).max(3650).optional().describe(what);

/** What a ticket question may name. All that is given must hold; within a list, one of it. */
export const ticketsInput = z.object({
  account: accountInput.optional(),
  same_matter: z
    .enum(["elsewhere", "before"])
    .optional()
    .describe("the matter of this account's open tickets: at other accounts, or earlier at this one"),
  ticket: z.string().max(60).optional().describe("the number of one ticket, ours (“#1106”) or the helpdesk's"),
  state: z.enum(["open", "solved", "any"]).optional().describe("default: open; with a window any"),
  priority: z.array(z.enum(TICKET_PRIORITIES)).optional(),
  older_than_days: days("opened more than this many days ago"),
  opened: windowInput.optional().describe("the window in which they were opened, such as “last week”"),
  about: z.string().min(2).max(200).optional().describe("words of the matter, such as “calendar sync”"),
  filters: portfolioFilters
    .pick({ owner: true, team: true, segment: true, country: true })
    .default({})
    .describe("of which accounts"),
  sort: z.enum(["urgency", "oldest", "newest"]).optional().describe("default: urgency; of solved ones newest"),
  group_by: z.enum(TICKET_GROUPS).optional().describe("count instead of listing"),
  limit: z.number().int().min(1).max(100).default(10),
});
export type TicketsInput = z.output<typeof ticketsInput>;
