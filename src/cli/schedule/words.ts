import { cadenceWords } from "#schedules/cadence.ts";
import { CONDITION_NAMES, CONDITIONS } from "#schedules/conditions.ts";
import { limitWords } from "#schedules/limits.ts";
import { filterWords, limitsOfAlerts, REPORT_NAMES, type Schedule } from "#schedules/schedule.ts";

/** "Alerts for team DACH (detractor: NPS 6 or less), every weekday at 09:00 (Europe/Berlin), direct message". */
export function wordsOf(schedule: Schedule): string {
  const { report, filter, cadence, zone, channel } = schedule;
  const place = channel === null ? "direct message" : `channel ${channel}`;
  return `${REPORT_NAMES[report]} for ${filterWords(filter)}${conditionWords(schedule)}, ${cadenceWords(cadence)} (${zone}), ${place}`;
}

function conditionWords(schedule: Schedule): string {
  if (schedule.report !== "alerts") return "";
  const limits = limitsOfAlerts(schedule);
  const told = (schedule.filter.conditions ?? CONDITIONS).map((each) => {
    const words = limitWords(each, limits);
    return `${CONDITION_NAMES[each].toLowerCase()}${words === null ? "" : `: ${words}`}`;
  });
  return ` (${told.join("; ")})`;
}
