import type { App } from "@slack/bolt";
import { z } from "zod";
import { AskAgain } from "#errors.ts";
import { cadence, knownZone } from "#schedules/cadence.ts";
import { CONDITIONS, type Condition } from "#schedules/conditions.ts";
import { LIMIT_NAMES, limitFault, limitsFrom, type SomeLimits } from "#schedules/limits.ts";
import type { ReadSchedule } from "#schedules/read-words.ts";
import { REPORTS } from "#schedules/schedule.ts";
import { scheduleNumbered } from "#schedules/store.ts";
import { CALLBACKS } from "../actions.ts";
import type { Job } from "../job.ts";
import { MODAL_FIELDS } from "../views/index.ts";
import { CONDITIONS_FIELD, limitField } from "../views/schedule-alert-fields.ts";
import { SCHEDULE_FIELDS } from "../views/schedule-modal.ts";
import { jobOf } from "./job-of.ts";
import { changeable } from "./schedule-changes.ts";
import { cardFor, keepSchedule } from "./schedule-making.ts";

const field = z.looseObject({
  value: z.string().nullish(),
  selected_option: z.object({ value: z.string() }).nullish(),
  selected_options: z.array(z.object({ value: z.string() })).nullish(),
  selected_time: z.string().nullish(),
  selected_conversation: z.string().nullish(),
});
const windowBody = z.object({
  user: z.object({ id: z.string() }),
  view: z.object({
    private_metadata: z.string().default(""),
    state: z.object({ values: z.record(z.string(), z.record(z.string(), field)) }),
  }),
});
type Values = z.output<typeof windowBody>["view"]["state"]["values"];
const keptAlong = z.object({ schedule: z.number().optional() });
const onDays = z.union([z.object({ days: z.array(z.number()) }), z.object({ monthDay: z.number() })]);

/** The submitted window: what it sets up is said in the person's direct messages. */
export function registerScheduleWindow(app: App): void {
  app.view(CALLBACKS.schedule, async ({ body, context }) => take(jobOf(context), body));
}

async function take(job: Job, body: unknown): Promise<void> {
  const { user, view } = windowBody.parse(body);
  const asker = await job.asker(user.id, { channel: "", kind: "im", shared: false });
  const { schedule: id } = keptAlong.parse(JSON.parse(view.private_metadata || "{}"));
  const before = id === undefined ? null : await changeable(job, asker, id);
  const kept = await keepSchedule(job, asker, readWindow(view.state.values), before);
  const saved = id === undefined ? "Scheduled:" : "Changed:";
  const whole = await job.house.database.read(asker.actor, (rows) => scheduleNumbered(rows, kept.id));
  const card = await cardFor(job, whole ?? kept, saved);
  await job.post.message("answer", { channel: await job.post.directMessage(user.id) }, card);
}

/** What is wrong with a submitted window, by block; null where nothing is. */
export function scheduleFaults(body: unknown): Record<string, string> | null {
  const read = windowBody.safeParse(body);
  if (!read.success) return null;
  try {
    readWindow(read.data.view.state.values);
    return null;
  } catch (error) {
    if (!(error instanceof WrongField)) throw error;
    return { [error.block]: error.message };
  }
}

class WrongField extends AskAgain {
  readonly block: string;
  constructor(block: string, message: string) {
    super(message);
    this.block = block;
  }
}

function readWindow(values: Values): ReadSchedule {
  const at = ({ block, action }: { block: string; action: string }) => values[block]?.[action];
  const isAlerts = values[CONDITIONS_FIELD.block] !== undefined;
  const chosen = at(SCHEDULE_FIELDS.report)?.selected_option?.value;
  const report = isAlerts ? "alerts" : REPORTS.find((each) => each === chosen);
  if (!report) throw new WrongField(SCHEDULE_FIELDS.report.block, "Choose a report.");
  const about = at(SCHEDULE_FIELDS.about)?.selected_option?.value;
  const place = at(SCHEDULE_FIELDS.place)?.selected_conversation;
  const zone = at(MODAL_FIELDS.zone)?.selected_option?.value ?? null;
  const name = at(SCHEDULE_FIELDS.name)?.value?.trim();
  return {
    report,
    cadence: cadenceIn(at(SCHEDULE_FIELDS.days)?.selected_option?.value, at(SCHEDULE_FIELDS.time)?.selected_time),
    zone: zone === null ? null : zoneIn(zone),
    place: place ? { channel: place, name: "" } : "person",
    mine: about === "team" || about === "accounts" ? about : null,
    named: name ? name : null,
    conditions: isAlerts ? conditionsIn(values) : [],
    limits: isAlerts ? limitsIn(values) : {},
  };
}

/** None is all of them: what is added to the list one day is told, too. */
function conditionsIn(values: Values): Condition[] {
  const { block, action } = CONDITIONS_FIELD;
  const chosen = (values[block]?.[action]?.selected_options ?? []).map(({ value }) => value);
  const known = CONDITIONS.filter((each) => chosen.includes(each));
  if (known.length === 0) throw new WrongField(block, "Choose at least one.");
  return known.length === CONDITIONS.length ? [] : known;
}

/** A number that was taken out is the workspace's again. */
function limitsIn(values: Values): SomeLimits {
  const said = LIMIT_NAMES.flatMap((name) => {
    const { block, action } = limitField(name);
    const value = values[block]?.[action]?.value?.trim() ?? "";
    return value === "" ? [] : [[name, Number(value)] as const];
  });
  const limits = Object.fromEntries(said);
  const fault = limitFault(limitsFrom(limits));
  if (fault) throw new WrongField(limitField(fault.name).block, fault.sentence);
  return limits;
}

function cadenceIn(days: string | undefined, time: string | null | undefined) {
  const on = days === undefined ? null : onDays.safeParse(JSON.parse(days)).data;
  if (!on) throw new WrongField(SCHEDULE_FIELDS.days.block, "Choose the days.");
  const read = cadence.safeParse({ ...on, at: time });
  if (!read.success) throw new WrongField(SCHEDULE_FIELDS.time.block, "Choose a time, such as 09:00.");
  return read.data;
}

function zoneIn(zone: string): string {
  try {
    return knownZone(zone);
  } catch (error) {
    if (error instanceof AskAgain) throw new WrongField(MODAL_FIELDS.zone.block, error.message);
    throw error;
  }
}
