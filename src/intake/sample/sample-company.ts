import { BadInput } from "#errors.ts";
import { type Incoming, type RecordKind, WRITING_ORDER } from "../records.ts";
import { addMonths, dayOf, isoDay } from "./calendar.ts";
import { accountId, customerMaker } from "./customers.ts";
import { SCRIPTS, type ScriptName, type Span } from "./life.ts";
import { CAST_BY_NAME, type NamedAccount } from "./named-accounts.ts";
import { personRows, teamRows, VENDOR } from "./people.ts";
import { randomOf } from "./random.ts";
import { rateRows } from "./rates.ts";
import type { Row, Source } from "./row.ts";
import { CAST, SCRIPT_OF } from "./scripts.ts";
import type { Script } from "./setting.ts";
import type { Story } from "./story.ts";
import { accountRow, contactRows } from "./tell-account.ts";
import { dealRows } from "./tell-deals.ts";
import { moneyRows } from "./tell-money.ts";
import { noteRows } from "./tell-notes.ts";
import { talkRows } from "./tell-talk.ts";
import { ticketRows } from "./tell-tickets.ts";
import { USAGE_IS_OLD_DAYS, usageRows } from "./tell-usage.ts";
import { voiceRows } from "./tell-voice.ts";

const MONTHS_TOLD = 30;

export interface SampleCompany {
  workspace: { name: string; baseCurrency: "USD"; zone: string };
  /** How fresh each kind of data is; the telemetry is late. */
  feeds: {
    domain: "crm" | "marketing" | "billing" | "support" | "usage" | "voice";
    source: Source;
    syncedOn: string;
  }[];
  /** In writing order; a batch holds one kind from one source. */
  batches: { source: Source; records: Incoming[] }[];
  /** Which plot each account lives through. Not for the store: tests and evals read it. */
  plots: { accountId: string; name: string; script: ScriptName }[];
}

/**
 * A software vendor with its customers over the 30 months before `day` (ISO). The same seed and day give the same rows.
 * Nothing is dated on `day` itself, save renewals; whatever hour it is there, no row lies in the future.
 */
export function sampleCompany({ seed, day }: { seed: number; day: string }): SampleCompany {
  const today = dayOf(day);
  if (Number.isNaN(today) || isoDay(today) !== day) throw new BadInput(`"${day}" is no day; write one as 2026-11-22`);
  const span = { from: addMonths(today, -MONTHS_TOLD), today };
  const stories = storiesOf(seed, span);
  const rows = [
    ...teamRows(),
    ...personRows(),
    ...rateRows(seed, span),
    ...stories.map(accountRow),
    ...stories.flatMap(contactRows),
    ...stories.flatMap(dealRows),
    ...stories.flatMap(moneyRows),
    ...ticketRows(stories),
    ...stories.flatMap(talkRows),
    ...stories.flatMap(usageRows),
    ...voiceRows(stories),
    ...stories.flatMap(noteRows),
  ];
  return {
    workspace: { name: VENDOR.name, baseCurrency: "USD", zone: VENDOR.zone },
    feeds: feedsOn(day, isoDay(today - USAGE_IS_OLD_DAYS)),
    batches: inWritingOrder(rows),
    plots: stories.map(({ customer, life }) => ({ accountId: customer.id, name: customer.name, script: life.script })),
  };
}

function storiesOf(seed: number, span: Span): Story[] {
  const make = customerMaker(seed);
  const named = CAST_BY_NAME.map((each, at) => namedStory(seed, span, { ...each, id: accountId(at + 1) }));
  const scripts = SCRIPTS.flatMap((script) => Array.from({ length: CAST[script] }, (_, turn) => ({ script, turn })));
  const others = scripts.map(({ script, turn }, at) => {
    const no = CAST_BY_NAME.length + 1 + at;
    return live({ seed, span, script, turn, customer: make(no, script), tell: SCRIPT_OF[script], hostile: [] });
  });
  return [...named, ...others];
}

function namedStory(
  seed: number,
  span: Span,
  { id, script, hostile = [], customer, tell }: NamedAccount & { id: string },
): Story {
  return live({
    seed,
    span,
    script,
    turn: 0,
    customer: customer(id, randomOf(seed, `named ${id}`)),
    tell: tell ?? SCRIPT_OF[script],
    hostile,
  });
}

type Cast = Pick<Story, "customer" | "span" | "hostile"> & {
  seed: number;
  script: ScriptName;
  turn: number;
  tell: Script;
};

function live({ seed, span, script, turn, customer, tell, hostile }: Cast): Story {
  const life = tell({ script, turn, customer, span, random: randomOf(seed, `life ${customer.id}`) });
  return { customer, life, span, hostile, random: randomOf(seed, `rows ${customer.id}`) };
}

function feedsOn(day: string, usageOn: string): SampleCompany["feeds"] {
  return [
    { domain: "crm", source: "crm", syncedOn: day },
    { domain: "marketing", source: "marketing", syncedOn: day },
    { domain: "billing", source: "billing", syncedOn: day },
    { domain: "support", source: "helpdesk", syncedOn: day },
    { domain: "usage", source: "telemetry", syncedOn: usageOn },
    { domain: "voice", source: "surveys", syncedOn: day },
  ];
}

/** The writer's order, with the rates before the money that is converted by them. */
const ORDER: RecordKind[] = ["exchange_rate", ...WRITING_ORDER.filter((kind) => kind !== "exchange_rate")];

function inWritingOrder(rows: Row[]): SampleCompany["batches"] {
  const batches = new Map<string, { source: Source; records: Incoming[] }>();
  for (const { source, incoming } of rows) {
    const key = `${incoming.kind}/${source}`;
    const batch = batches.get(key) ?? { source, records: [] };
    batch.records.push(incoming);
    batches.set(key, batch);
  }
  const place = (batch: { records: Incoming[] }) => ORDER.indexOf(batch.records[0]?.kind ?? "task");
  return [...batches.values()].sort((one, other) => place(one) - place(other));
}
