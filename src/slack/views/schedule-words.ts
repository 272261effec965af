import { cadenceWords } from "#schedules/cadence.ts";
import { CONDITION_NAMES, CONDITIONS } from "#schedules/conditions.ts";
import { limitWords } from "#schedules/limits.ts";
import { limitsOfAlerts, REPORT_NAMES, type Schedule, type ScheduleFilter } from "#schedules/schedule.ts";
import { lineIn, nameIn } from "./outside-text.ts";

/** "Churn report for team DACH, every Monday at 09:00 (Europe/Berlin) in #cs-leads", in mrkdwn. */
export function scheduleWords(
  schedule: Pick<Schedule, "report" | "filter" | "cadence" | "zone" | "channel" | "ownerName">,
): string {
  const { report, filter, cadence, zone, channel, ownerName } = schedule;
  const place = channel === null ? `in direct messages to ${nameIn(ownerName)}` : `in <#${channel}>`;
  return `*${REPORT_NAMES[report]}* ${aboutWords(filter, ownerName)}, ${cadenceWords(cadence)} (${lineIn(zone)}) ${place}`;
}

/** "Limits: renewal near, and no contact: 45 days before the renewal, 30 without contact; …"; null for what has none. */
export function limitsLine(schedule: Pick<Schedule, "report" | "filter" | "commonLimits">): string | null {
  if (schedule.report !== "alerts") return null;
  const limits = limitsOfAlerts(schedule);
  const told = (schedule.filter.conditions ?? CONDITIONS).flatMap((each) => {
    const words = limitWords(each, limits);
    return words === null ? [] : [`${CONDITION_NAMES[each].toLowerCase()}: ${words}`];
  });
  return told.length > 0 ? `Limits: ${told.join("; ")}` : null;
}

function aboutWords(
  { mine, team, owner, segment, country, plan, conditions }: ScheduleFilter,
  ownerName: string,
): string {
  const named = [
    mine === "team" && `the team of ${nameIn(ownerName)}`,
    mine === "accounts" && `the accounts of ${nameIn(ownerName)}`,
    team && `team ${lineIn(team)}`,
    owner && `the accounts of ${lineIn(owner)}`,
    segment && `segment ${lineIn(segment)}`,
    country && lineIn(country),
    plan && `plan ${lineIn(plan)}`,
  ].filter((each) => typeof each === "string" && each !== "");
  const only =
    conditions && conditions.length > 0
      ? ` (${conditions.map((each) => CONDITION_NAMES[each].toLowerCase()).join(", ")})`
      : "";
  return `for ${named.length > 0 ? named.join(", ") : "all accounts"}${only}`;
}
