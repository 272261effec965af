import { DAYS_TO_PAY, INTERVAL_MONTHS, monthsBegun } from "./contract.ts";
import type { ScriptName } from "./life.ts";
import { payingLife, scaled, seasoned, startOfLife, ticketAt } from "./paying-life.ts";
import { ago, laterThisMonth, type Script, SILENT_VOICE } from "./setting.ts";

/** Went on with fewer seats. */
const contracting: Script = (setting) => {
  const { random, span } = setting;
  const life = payingLife(setting, { startedOn: ago(setting, 390, 720) });
  const shrunk = life.contracts.map((contract) => {
    const every = INTERVAL_MONTHS[contract.interval];
    const begun = monthsBegun(contract, span.today) - (every === 1 ? random.whole(0, 1) : 0);
    const month = Math.floor(begun / every) * every;
    return { ...contract, changes: [{ month, seats: scaled(contract.seats, random.between(0.5, 0.8)) }] };
  });
  return { ...life, contracts: shrunk, usage: { level: 0.55, yearly: -0.1, fadeFrom: null, fadeTo: 1 } };
};

/** A good start, then no word since the training. */
const quietAfterOnboarding: Script = (setting) => {
  const life = payingLife(setting, { startedOn: ago(setting, 75, 125) });
  return {
    ...life,
    rhythm: null,
    ticketsAYear: 0,
    voice: SILENT_VOICE,
    usage: { level: 0.4, yearly: 0, fadeFrom: null, fadeTo: 1 },
  };
};

/** Uses less each week, does not write, was not pleased when asked. */
const atRisk: Script = (setting) => {
  const { random, span } = setting;
  const life = payingLife(
    setting,
    random.chance(0.5) ? { renewsOn: span.today + random.whole(25, 85) } : { startedOn: ago(setting, 240, 700) },
  );
  return {
    ...life,
    rhythm: {
      from: startOfLife(life) + 30,
      everyDays: 40,
      lastInbound: ago(setting, 52, 95),
      lastOutbound: ago(setting, 15, 50),
    },
    usage: { level: 0.7, yearly: 0, fadeFrom: ago(setting, 50, 70), fadeTo: random.between(0.1, 0.3) },
    voice: { ...SILENT_VOICE, nps: [{ on: ago(setting, 20, 80), score: random.whole(3, 6) }] },
    tickets: random.chance(0.4) ? [ticketAt(ago(setting, 10, 30), { priority: "high", state: "open" })] : [],
  };
};

const renewalSilent: Script = (setting) => {
  const life = payingLife(setting, { renewsOn: laterThisMonth(setting) });
  return {
    ...life,
    ticketsAYear: 1,
    rhythm: {
      from: startOfLife(life) + 30,
      everyDays: 40,
      lastInbound: ago(setting, 85, 140),
      lastOutbound: ago(setting, 62, 110),
    },
  };
};

/** The payment failed, and failed again. Still a customer. */
const dunning: Script = (setting) => {
  const { random, span } = setting;
  const interval = random.pick(["month", "quarter", "year"] as const);
  const month = { month: random.whole(4, 14), quarter: 3 * random.whole(2, 5), year: 12 }[interval];
  const life = payingLife(setting, { month, fallsOn: span.today - DAYS_TO_PAY[interval] - random.whole(4, 13) });
  const contracts = life.contracts.map((contract) => ({ ...contract, interval, unpaidFromMonth: month }));
  const reminder = {
    on: ago(setting, 2, 6),
    channel: "email",
    direction: "outbound",
    kind: "payment_reminder",
  } as const;
  return { ...life, contracts, moments: [...life.moments, reminder] };
};

const detractor: Script = (setting) => {
  const on = ago(setting, 4, 45);
  return {
    ...seasoned(setting),
    voice: { ...SILENT_VOICE, nps: [{ on, score: setting.random.whole(0, 5) }] },
    tickets: [
      ticketAt(on - 9, { priority: "high", csat: 1 }),
      ticketAt(on - 3, { state: setting.random.pick(["open", "solved"]), csat: 2 }),
    ],
  };
};

const championLeft: Script = (setting) => ({ ...seasoned(setting), championLeftOn: ago(setting, 10, 55) });

/** One fault after the other, the last ones still open. */
const ticketStorm: Script = (setting) => {
  const { random } = setting;
  const solved = Array.from({ length: random.whole(4, 6) }, () =>
    ticketAt(ago(setting, 8, 28), { priority: random.pick(["normal", "high"]), csat: random.whole(1, 3) }),
  );
  const open = Array.from({ length: random.whole(2, 3) }, () =>
    ticketAt(ago(setting, 1, 7), { priority: "urgent", state: "open" }),
  );
  return {
    ...seasoned(setting),
    tickets: [...solved, ...open, ticketAt(ago(setting, 2, 6), { priority: "high", state: "pending" })],
  };
};

/** Days before today on which the product was down for a morning. */
export const OUTAGE_DAYS_AGO = 27;

const outageVictim: Script = (setting) => {
  const on = setting.span.today - OUTAGE_DAYS_AGO;
  const tickets = [
    ticketAt(on, { priority: "urgent", theme: "outage", csat: setting.random.whole(1, 3) }),
    ticketAt(on + 1, { priority: "high", theme: "outage", csat: 2 }),
  ];
  return {
    ...seasoned(setting),
    tickets,
    voice: {
      ...SILENT_VOICE,
      nps: setting.random.chance(0.6) ? [{ on: on + 6, score: setting.random.whole(4, 7) }] : [],
    },
  };
};

export const TROUBLED_SCRIPTS = {
  contracting,
  quiet_after_onboarding: quietAfterOnboarding,
  at_risk: atRisk,
  renewal_silent: renewalSilent,
  dunning,
  detractor,
  champion_left: championLeft,
  ticket_storm: ticketStorm,
  outage_victim: outageVictim,
} satisfies Partial<Record<ScriptName, Script>>;
