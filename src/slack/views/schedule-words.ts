import { cadenceWords } from "#schedules/cadence.ts";
import { CONDITION_NAMES } from "#schedules/conditions.ts";
import { REPORT_NAMES, type Schedule, type ScheduleFilter } from "#schedules/schedule.ts";
import { lineIn, nameIn } from "./outside-text.ts";

/** "Churn report for team DACH, every Monday at 09:00 (Europe/Berlin) in #cs-leads", in mrkdwn. */
export function scheduleWords(
  schedule: Pick<Schedule, "report" | "filter" | "cadence" | "zone" | "channel" | "ownerName">,
): string {
  const { report, filter, cadence, zone, channel, ownerName } = schedule;
  const place = channel === null ? `in direct messages to ${nameIn(ownerName)}` : `in <#${channel}>`;
  return `*${REPORT_NAMES[report]}* ${aboutWords(filter, ownerName)}, ${cadenceWords(cadence)} (${lineIn(zone)}) ${place}`;
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
