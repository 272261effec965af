import { z } from "zod";
import { cadence } from "./cadence.ts";
import { CONDITIONS } from "./conditions.ts";
import { type Limits, limitsFrom, someLimits } from "./limits.ts";

export const REPORTS = ["churn", "renewals", "digest", "alerts"] as const;
export type Report = (typeof REPORTS)[number];

/** Which accounts a schedule speaks of; empty: all. "team": those of the owner's team, "accounts": the owner's own. */
export const scheduleFilter = z.object({
  mine: z.enum(["team", "accounts"]).optional(),
  team: z.string().optional(),
  owner: z.string().optional(),
  segment: z.string().optional(),
  country: z.string().optional(),
  plan: z.string().optional(),
  /** Of alerts; absent: all of them. */
  conditions: z.array(z.enum(CONDITIONS)).optional(),
  /** Of alerts, where they differ from the workspace's. */
  limits: someLimits.optional(),
});
export type ScheduleFilter = z.infer<typeof scheduleFilter>;

const report = z.enum(REPORTS);

export const scheduleRow = z.object({
  workspaceId: z.number(),
  id: z.number(),
  ownerId: z.number(),
  ownerName: z.string(),
  ownerSlackId: z.string().nullable(),
  report,
  filter: scheduleFilter,
  cadence,
  zone: z.string(),
  slackTeam: z.string().nullable(),
  /** null: the owner's direct messages. */
  channel: z.string().nullable(),
  bySettings: z.boolean(),
  nextAt: z.string(),
  pausedAt: z.string().nullable(),
  pausedBecause: z.string().nullable(),
  failures: z.number(),
  /** Somebody asked for it, and nobody has taken it yet. */
  wantedAt: z.string().nullable(),
  /** What the workspace has chosen for alerts otherwise than usual. */
  commonLimits: someLimits.nullable(),
});

/** A report that comes by itself. */
export type Schedule = z.infer<typeof scheduleRow>;

/** By which limits a schedule tells of alerts. */
export const limitsOfAlerts = ({ filter, commonLimits }: Pick<Schedule, "filter" | "commonLimits">): Limits =>
  limitsFrom(commonLimits, filter.limits);

export const REPORT_NAMES: Record<Report, string> = {
  churn: "Churn report",
  renewals: "Renewals",
  digest: "Digest",
  alerts: "Alerts",
};

/** "my team", "my accounts", "DACH", "all accounts". */
export function filterWords({ mine, team, owner, segment, country, plan }: ScheduleFilter): string {
  const named = [
    team && `team ${team}`,
    owner && `accounts of ${owner}`,
    segment && `segment ${segment}`,
    country,
    plan && `plan ${plan}`,
  ];
  const own = mine === "team" ? "the owner's team" : mine === "accounts" ? "the owner's accounts" : undefined;
  const words = [own, ...named].filter((each) => each !== undefined && each !== "");
  return words.length > 0 ? words.join(", ") : "all accounts";
}
