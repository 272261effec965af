import type { InputBlock, ModalView } from "@slack/types";
import { type Cadence, cadenceWords, WEEKDAYS } from "#schedules/cadence.ts";
import { CONDITIONS } from "#schedules/conditions.ts";
import type { Limits } from "#schedules/limits.ts";
import { limitsOfAlerts, REPORT_NAMES, REPORTS, type Schedule } from "#schedules/schedule.ts";
import { capital } from "#tools/words.ts";
import { CALLBACKS } from "../actions.ts";
import { option, plain } from "./elements.ts";
import { LIMITS } from "./limits.ts";
import { modal } from "./modals.ts";
import { plainLine } from "./outside-text.ts";
import { alertFields } from "./schedule-alert-fields.ts";
import { zoneField } from "./settings-modal.ts";

/** Where the window's answers stand: `state.values[block][action]`. */
export const SCHEDULE_FIELDS = {
  report: { block: "report", action: "schedule_report" },
  days: { block: "days", action: "schedule_days" },
  time: { block: "time", action: "schedule_time" },
  place: { block: "place", action: "schedule_place" },
  about: { block: "about", action: "schedule_about" },
  name: { block: "name", action: "schedule_name" },
} as const;

/** How often, without the time; the value of an option is this as JSON. */
export type OnDays = { days: number[] } | { monthDay: number };

const CHOICES: OnDays[] = [
  { days: [...WEEKDAYS] },
  { days: [1, 2, 3, 4, 5, 6, 7] },
  ...[1, 2, 3, 4, 5, 6, 7].map((day) => ({ days: [day] })),
  { monthDay: 1 },
  { monthDay: 15 },
  { monthDay: 31 },
];

const ABOUT = [
  { id: "all", name: "All accounts" },
  { id: "team", name: "My team" },
  { id: "accounts", name: "My own accounts" },
];

export interface ScheduleModalParts {
  /** The one to edit; null: a new one. */
  schedule: Schedule | null;
  zone: string;
  /** Where it was opened: proposed for a new one. */
  channel: string | null;
  /** For new alerts, the workspace's limits; null: another report. */
  alerts: Limits | null;
}

/** The window in which a schedule is set up or changed; alerts have one of their own, with what to tell and from where on. */
export function scheduleModal({ schedule, zone, channel, alerts }: ScheduleModalParts): ModalView {
  const place = schedule ? schedule.channel : channel;
  const { team, owner, segment, country, plan, mine } = schedule?.filter ?? {};
  const name = team ?? owner ?? segment ?? country ?? plan;
  const limits = schedule?.report === "alerts" ? limitsOfAlerts(schedule) : alerts;
  return modal({
    title: titleOf(schedule !== null, limits !== null),
    callback: CALLBACKS.schedule,
    submit: "Save",
    close: "Cancel",
    keep: JSON.stringify(schedule ? { schedule: schedule.id } : {}),
    blocks: [
      ...(limits ? alertFields(schedule?.filter.conditions ?? CONDITIONS, limits) : [reportField(schedule)]),
      daysField(schedule?.cadence ?? (limits ? { days: [...WEEKDAYS], at: "" } : null)),
      timeField(schedule?.cadence.at ?? "09:00"),
      zoneField(schedule?.zone ?? zone),
      placeField(place),
      choice("about", "About which accounts", ABOUT, mine ?? "all"),
      nameField(name ?? null),
    ],
  });
}

const titleOf = (isEdit: boolean, isAlerts: boolean): string =>
  isAlerts ? (isEdit ? "Edit the alerts" : "New alerts") : isEdit ? "Edit the schedule" : "New schedule";

const reportField = (schedule: Schedule | null): InputBlock =>
  choice(
    "report",
    "What to report",
    REPORTS.filter((id) => id !== "alerts").map((id) => ({ id, name: REPORT_NAMES[id] })),
    schedule?.report ?? "churn",
  );

function choice(
  field: "report" | "about",
  label: string,
  choices: readonly { id: string; name: string }[],
  chosen: string,
): InputBlock {
  const options = choices.map(({ id, name }) => option(name, id));
  const initial = options.find(({ value }) => value === chosen);
  const { block, action } = SCHEDULE_FIELDS[field];
  return {
    type: "input",
    block_id: block,
    label: plain(label, LIMITS.section),
    element: { type: "static_select", action_id: action, options, ...(initial ? { initial_option: initial } : {}) },
  };
}

function daysField(cadence: Cadence | null): InputBlock {
  const chosen: OnDays | null =
    cadence === null ? null : "days" in cadence ? { days: cadence.days } : { monthDay: cadence.monthDay };
  const isListed = chosen === null || CHOICES.some((each) => JSON.stringify(each) === JSON.stringify(chosen));
  const options = [...(isListed ? [] : [chosen]), ...CHOICES].map((each) =>
    option(daysWords(each), JSON.stringify(each)),
  );
  const initial = options.find(({ value }) => value === JSON.stringify(chosen ?? { days: [1] }));
  const { block, action } = SCHEDULE_FIELDS.days;
  return {
    type: "input",
    block_id: block,
    label: plain("On which days", LIMITS.section),
    element: { type: "static_select", action_id: action, options, ...(initial ? { initial_option: initial } : {}) },
  };
}

const daysWords = (on: OnDays): string => capital(cadenceWords({ ...on, at: "" }).replace(/ at $/, ""));

const timeField = (at: string): InputBlock => ({
  type: "input",
  block_id: SCHEDULE_FIELDS.time.block,
  label: plain("At what time", LIMITS.section),
  element: { type: "timepicker", action_id: SCHEDULE_FIELDS.time.action, initial_time: at },
});

const placeField = (channel: string | null): InputBlock => ({
  type: "input",
  block_id: SCHEDULE_FIELDS.place.block,
  optional: true,
  label: plain("In which channel", LIMITS.section),
  hint: plain("Left empty, it comes to you in a direct message. I have to be in the channel.", LIMITS.section),
  element: {
    type: "conversations_select",
    action_id: SCHEDULE_FIELDS.place.action,
    filter: { include: ["public", "private"], exclude_bot_users: true, exclude_external_shared_channels: true },
    ...(channel === null ? {} : { initial_conversation: channel }),
  },
});

const nameField = (name: string | null): InputBlock => ({
  type: "input",
  block_id: SCHEDULE_FIELDS.name.block,
  optional: true,
  label: plain("Only this team, person, segment, country or plan", LIMITS.section),
  element: {
    type: "plain_text_input",
    action_id: SCHEDULE_FIELDS.name.action,
    max_length: 100,
    ...(name === null ? {} : { initial_value: plainLine(name, 100) }),
  },
});
