import { z } from "zod";
import { MODAL_FIELDS } from "../views/index.ts";

const field = z.looseObject({
  value: z.string().nullish(),
  selected_option: z.object({ value: z.string() }).nullish(),
});
const values = z.record(z.string(), z.record(z.string(), field));
export type Values = z.output<typeof values>;

/** A submitted window, as far as it is read here. */
export const submittedBody = z.object({
  user: z.object({ id: z.string() }),
  view: z.object({
    callback_id: z.string().default(""),
    private_metadata: z.string().default(""),
    state: z.object({ values }),
  }),
});

/** What was chosen in a field of a window; null for nothing. */
export function chosenIn(given: Values, { block, action }: { block: string; action: string }): string | null {
  return given[block]?.[action]?.selected_option?.value ?? null;
}

const DIGESTS = ["off", "daily", "weekly"] as const;
const SPEAKS = ["mentions", "threads", "never"] as const;

const oneOf = <T extends string>(choices: readonly T[], said: string | null): T | null =>
  choices.find((each) => each === said) ?? null;

/** The settings that were chosen. */
export const settingsIn = (given: Values) => ({
  zone: chosenIn(given, MODAL_FIELDS.zone),
  digest: oneOf(DIGESTS, chosenIn(given, MODAL_FIELDS.digest)) ?? "off",
  model: chosenIn(given, MODAL_FIELDS.model),
  speak: oneOf(SPEAKS, chosenIn(given, MODAL_FIELDS.speak)),
});

/** What is wrong with chosen settings, by block; null where nothing is. */
export function settingsFaults(given: Values): Record<string, string> | null {
  const zone = chosenIn(given, MODAL_FIELDS.zone);
  const { digest, speak } = MODAL_FIELDS;
  const faults = {
    ...(zone === null || isZone(zone)
      ? {}
      : { [MODAL_FIELDS.zone.block]: "Choose a time zone from the list, such as Europe/Berlin." }),
    ...(isChoice(given, digest, DIGESTS) ? {} : { [digest.block]: "Choose one of the list." }),
    ...(isChoice(given, speak, SPEAKS) ? {} : { [speak.block]: "Choose one of the list." }),
  };
  return Object.keys(faults).length > 0 ? faults : null;
}

/** A field that is not shown is not chosen in. */
const isChoice = (given: Values, at: { block: string; action: string }, choices: readonly string[]): boolean =>
  given[at.block] === undefined || oneOf(choices, chosenIn(given, at)) !== null;

const kept = z.object({ channel: z.string().optional() });

/** What the window brought back: the channel in which it was opened. */
export function keptIn(metadata: string): z.output<typeof kept> {
  return metadata === "" ? {} : kept.parse(JSON.parse(metadata)); // we wrote it, and Slack gives it back
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== "";
  } catch (unknown) {
    if (unknown instanceof RangeError) return false;
    throw unknown;
  }
}

const MOST_ZONES = 20;
const ZONES = [...new Set(["UTC", ...Intl.supportedValuesOf("timeZone")])];

/** Time zones whose name holds what was typed, those that begin with it first. */
export function zonesTyped(typed: string): string[] {
  const wanted = folded(typed);
  const found = ZONES.filter((zone) => folded(zone).includes(wanted));
  const begins = (zone: string): boolean => zone.split("/").some((part) => folded(part).startsWith(wanted));
  return [...found.filter(begins), ...found.filter((zone) => !begins(zone))].slice(0, MOST_ZONES);
}

const folded = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replace(/[_\s]+/g, " ");
