import Table from "cli-table3";
import { spread } from "../bench/measure.ts";
import type { ChaosResult } from "./run.ts";

const SHOWN = 5;

/** Every question has exactly one whole answer, where it was asked, and nothing was left lying about. */
export const isSound = ({ lost, twice, torn, misplaced, strays, givenUp, left }: ChaosResult): boolean =>
  [lost, twice, torn, misplaced, strays].every((each) => each.length === 0) &&
  givenUp + left.waiting + left.working === 0;

/** The result for people. */
export function table(result: ChaosResult): string {
  const drawn = new Table({ style: { head: [], border: [], compact: true } });
  for (const [what, told] of rows(result)) drawn.push([what, told]);
  return drawn.toString();
}

function rows(result: ChaosResult): [string, string][] {
  const { direct, mentions, commands, commandsRefused, left, reasons, ackMs, drains } = result;
  return [
    ["questions", `${result.questions}: ${direct} direct, ${mentions} mentions, ${commands} commands`],
    ["lost", some(result.lost)],
    ["answered twice", some(result.twice)],
    ["torn", some(result.torn)],
    ["in a wrong thread", some(result.misplaced)],
    ["other messages of the bot", some(result.strays)],
    ["events given up", String(result.givenUp)],
    ["left in the inbox", `${left.waiting} waiting, ${left.working} at work, ${left.failed} failed`],
    ["kills, restarts, refreshes", `${result.kills}, ${result.restarts}, ${result.refreshes}`],
    ["bots that ended by themselves", some(result.crashes)],
    ["events, with messages of the bot itself", String(result.events)],
    ["brought twice", String(result.duplicates)],
    ["replies of the Web API lost", String(result.lostReplies)],
    ["tries without an acknowledgement", `${result.failed}${because(reasons)}`],
    ["commands that found no bot", String(commandsRefused)],
    ["fewest sockets at an event", String(result.fewestSockets ?? "none: HTTP")],
    ["event to acknowledgement", times(ackMs)],
    ["SIGTERM to the end", times(drains)],
    ["from the last question to an empty inbox", `${result.tailSeconds.toFixed(1)} s`],
    ["all of it", `${result.seconds.toFixed(1)} s`],
  ];
}

const some = (all: readonly (number | string)[]): string =>
  all.length === 0 ? "0" : `${all.length}: ${all.slice(0, SHOWN).join(", ")}${all.length > SHOWN ? ", …" : ""}`;

function because(reasons: Record<string, number>): string {
  const told = Object.entries(reasons).map(([why, times]) => `${times} × ${why}`);
  return told.length === 0 ? "" : ` (${told.join("; ")})`;
}

function times(values: readonly number[]): string {
  if (values.length === 0) return "not seen";
  const { p50, p99 } = spread(values);
  return `p50 ${ms(p50)}, p99 ${ms(p99)}, longest ${ms(values.reduce((one, other) => Math.max(one, other), 0))}`;
}

const ms = (value: number): string => (value < 100 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`);
