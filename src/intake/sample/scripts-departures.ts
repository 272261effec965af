import { endOf } from "./contract.ts";
import type { Contract, Life, ScriptName } from "./life.ts";
import { payingLife, startOfLife, ticketAt } from "./paying-life.ts";
import { ago, type Script, type Setting, SILENT_VOICE } from "./setting.ts";
import { CHURN_REASONS, PAYMENT_FAILED } from "./texts/words.ts";

function reasonOf({ random }: Setting): { reason: string; comment: string } {
  const { reason, comments } = random.pick(CHURN_REASONS);
  return { reason, comment: random.pick(comments) };
}

/** Has cancelled; the paid term still runs. */
const cancelled: Script = (setting) => {
  const months = setting.random.pick([12, 24]);
  const life = payingLife(setting, { month: months, fallsOn: setting.span.today + setting.random.whole(8, 70) });
  const clickedOn = ago(setting, 3, 30);
  const end = { ...reasonOf(setting), month: months, clickedOn, kind: "voluntary" } as const;
  return {
    ...life,
    contracts: life.contracts.map((contract) => ({ ...contract, termMonths: 12, end })),
    usage: { level: 0.6, yearly: 0, fadeFrom: clickedOn - 45, fadeTo: 0.25 },
    rhythm: {
      from: startOfLife(life) + 30,
      everyDays: 45,
      lastInbound: clickedOn - 40,
      lastOutbound: ago(setting, 9, 30),
    },
    voice: {
      ...SILENT_VOICE,
      nps: setting.random.chance(0.5) ? [{ on: clickedOn - 20, score: setting.random.whole(2, 6) }] : [],
    },
  };
};

/** So many left in the last five weeks, evenly: no week goes by without a loss to report. */
const LEFT_LATELY = 12;
const DAYS_BETWEEN_LOSSES = 2.75;

/** Days since the end; those who left earlier are spread over the time before. */
function daysGone({ random, turn }: Setting): number {
  return turn < LEFT_LATELY ? 2 + Math.floor(turn * DAYS_BETWEEN_LOSSES) : random.whole(36, 480);
}

/** First use falls and nobody writes, then the cancellation, then the last paid day. */
function fallSilent(setting: Setting, life: Life): Life {
  const ended = life.contracts.map(endOf).find((day) => day !== null);
  if (ended === undefined || ended === null) throw new Error("only a contract with an end falls silent");
  const silentFrom = ended - setting.random.whole(43, 69);
  const lastInbound = silentFrom - setting.random.whole(0, 6);
  const farewell = Math.min(setting.span.today - 1, ended + 2);
  return {
    ...life,
    usage: { level: 0.7, yearly: 0, fadeFrom: silentFrom - 7, fadeTo: 0.08 },
    rhythm: {
      from: startOfLife(life) + 30,
      everyDays: 38,
      lastInbound,
      lastOutbound: ended - setting.random.whole(10, 30),
    },
    moments: [...life.moments, { on: farewell, channel: "email", direction: "outbound", kind: "exit_mail" }],
    tickets: setting.random.chance(0.3) ? [ticketAt(silentFrom - 12, { priority: "high", csat: 2 })] : [],
    voice: {
      ...SILENT_VOICE,
      nps: setting.random.chance(0.5) ? [{ on: silentFrom - 15, score: setting.random.whole(1, 6) }] : [],
    },
  };
}

const churnedVoluntary: Script = (setting) => {
  const endsOn = setting.span.today - daysGone(setting);
  const rolling = setting.random.chance(0.45);
  const months = rolling ? setting.random.whole(8, 13) : 12;
  const life = payingLife(setting, { month: months, fallsOn: endsOn });
  const end = {
    ...reasonOf(setting),
    month: months,
    clickedOn: endsOn - setting.random.whole(12, 40),
    kind: "voluntary",
  } as const;
  const leaves = (contract: Contract): Contract => ({
    ...contract,
    end,
    termMonths: rolling ? 1 : 12,
    interval: rolling ? "month" : contract.interval,
  });
  return fallSilent(setting, { ...life, contracts: life.contracts.map(leaves) });
};

/** The last invoice was never paid, whatever was tried; a month later the subscription ended. */
const churnedInvoluntary: Script = (setting) => {
  const months = setting.random.whole(8, 14);
  const endsOn = ago(setting, 3, 240);
  const life = payingLife(setting, { month: months, fallsOn: endsOn });
  const end = { ...PAYMENT_FAILED, month: months, clickedOn: endsOn, kind: "involuntary" } as const;
  const contracts = life.contracts.map((contract) => ({
    ...contract,
    interval: "month" as const,
    end,
    unpaidFromMonth: months - 1,
  }));
  return fallSilent(setting, { ...life, contracts });
};

/** Left, and came back months later with fewer seats. */
const reactivated: Script = (setting) => {
  const { random } = setting;
  const endsOn = ago(setting, 190, 330);
  const months = random.whole(8, 12);
  const first = payingLife(setting, { month: months, fallsOn: endsOn });
  const end = { ...reasonOf(setting), month: months, clickedOn: endsOn - 20, kind: "voluntary" } as const;
  const gone = fallSilent(setting, {
    ...first,
    contracts: first.contracts.map((contract) => ({ ...contract, end, interval: "month", termMonths: 1 })),
  });
  const backOn = ago(setting, 25, 120);
  const again = payingLife(setting, { startedOn: backOn });
  const fewer = again.contracts.map((contract) => ({
    ...contract,
    plan: first.contracts[0]?.plan ?? contract.plan,
    seats: Math.max(4, Math.round(contract.seats * 0.8)),
  }));
  const winBack = { on: backOn - 15, channel: "email", direction: "outbound", kind: "win_back" } as const;
  return {
    ...gone,
    contracts: [...gone.contracts, ...fewer],
    rhythm: null,
    ticketsAYear: 2,
    tickets: [],
    deals: [
      ...gone.deals,
      ...again.deals.map((deal) => ({ ...deal, createdOn: backOn - 14, seats: fewer[0]?.seats ?? deal.seats })),
    ],
    moments: [
      ...gone.moments,
      winBack,
      { ...winBack, on: backOn - 12, direction: "inbound", kind: "reply" },
      ...again.moments.filter((moment) => moment.on >= backOn),
    ],
  };
};

export const DEPARTURE_SCRIPTS = {
  cancelled,
  churned_voluntary: churnedVoluntary,
  churned_involuntary: churnedInvoluntary,
  reactivated,
} satisfies Partial<Record<ScriptName, Script>>;
