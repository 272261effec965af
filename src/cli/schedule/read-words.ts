import { cadenceWords, knownZone } from "#schedules/cadence.ts";
import { readSchedule } from "#schedules/read-words.ts";
import { REPORT_NAMES } from "#schedules/schedule.ts";
import { slotsBetween } from "#schedules/slots.ts";
import type { Told } from "../terminal.ts";

const SHOWN = 3;
const LOOK_AHEAD_DAYS = 100; // holds three slots of a month

/** `schedule read`: what is understood, and its next slots. Throws AskAgain for what is missing. */
export function readWords(words: string, unlessSaid: string): Told {
  const read = readSchedule(words);
  const zone = read.zone ?? knownZone(unlessSaid);
  const now = new Date();
  const until = new Date(now.getTime() + LOOK_AHEAD_DAYS * 86_400_000);
  const next = slotsBetween({ cadence: read.cadence, zone, quiet: null }, now.toISOString(), until.toISOString()).slice(
    0,
    SHOWN,
  );
  const about = read.named ?? { team: "the owner's team", accounts: "the owner's accounts" }[read.mine ?? "accounts"];
  return {
    json: { ...read, zone, next },
    words: [
      `**${REPORT_NAMES[read.report]}** for ${read.named === null && read.mine === null ? "all accounts" : about}, ${cadenceWords(read.cadence)} (${zone})`,
      ...next.map((slot) => `- ${slot}`),
    ].join("\n"),
  };
}
