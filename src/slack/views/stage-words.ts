import type { StageFinding } from "#tools/stage-finding.ts";
import { counted } from "#tools/words.ts";
import { dayIn, daysIn } from "./days.ts";
import { lineIn, nameIn } from "./outside-text.ts";

const SURE = { sure: "", likely: " That is likely, not certain.", thin: " Little data stands behind it." };

/** "*Retention* since 2 Mar 2026 (265 days, expected up to 365)" */
export function stageWords({ name, since, daysInStage, expectedDays, lapsedSince, pin }: StageFinding): string {
  if (pin) return `*${lineIn(pin.name)}*, pinned until ${dayIn(pin.until)}${pin.by ? ` by ${nameIn(pin.by)}` : ""}`;
  if (lapsedSince) return `*Lapsed* since ${dayIn(lapsedSince)}; by its signs now in ${lineIn(name)}`;
  const expected = expectedDays ? `, expected up to ${expectedDays}` : "";
  return `*${lineIn(name)}* since ${dayIn(since)} (${counted(daysInStage, "day")}${expected})`;
}

/** The stage in one or two words, for narrow places. */
export const stageName = ({ name, lapsedSince, pin }: StageFinding): string =>
  lineIn(pin?.name ?? (lapsedSince ? "Lapsed" : name));

/** What the rule says, and how sure that is. */
export const becauseWords = ({ says, confidence }: StageFinding): string =>
  `${lineIn(daysIn(says.replace(/\.$/, "")), 600)}.${SURE[confidence]}`;

/** What else is to be known of the stage: a pin against the rules, a change that nears, another word in the CRM. */
export function besidesWords({ pin, name, pending, crmDiffers }: StageFinding): string[] {
  return [
    pin && `Pinned${pin.reason ? `: ${lineIn(pin.reason)}` : ""}. The rules say ${lineIn(name)}.`,
    pending &&
      `Next may be ${lineIn(pending.stage)}: seen on ${pending.seen} of ${counted(pending.needed, "day")} needed.`,
    crmDiffers &&
      `The CRM says “${lineIn(crmDiffers.crmStage, 80)}”${crmDiffers.readAs ? `, which would be ${lineIn(crmDiffers.readAs)}` : ""}.`,
  ].filter((each) => typeof each === "string");
}
