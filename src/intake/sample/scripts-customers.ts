import { monthsBegun } from "./contract.ts";
import type { ScriptName } from "./life.ts";
import { payingLife, scaled, seasoned, startOfLife, ticketAt } from "./paying-life.ts";
import { ago, laterThisMonth, type Script, SILENT_VOICE } from "./setting.ts";

/** Signed in the last days. With every second one the contract has not begun yet. */
const justBought: Script = (setting) => {
  const startedOn = ago(setting, 1, 6);
  const life = payingLife(setting, { startedOn });
  const begun = setting.random.chance(0.5);
  return {
    ...life,
    contracts: begun ? life.contracts : [],
    rhythm: null,
    usage: null,
    ticketsAYear: 0,
    voice: SILENT_VOICE,
    deals: life.deals.map((deal) => ({ ...deal, closedOn: begun ? deal.closedOn : ago(setting, 1, 8) })),
    moments: life.moments.filter((moment) => moment.on < startedOn),
  };
};

const onboarding: Script = (setting) => {
  const startedOn = ago(setting, 12, 62);
  const asks = Math.min(setting.span.today - 1, startedOn + setting.random.whole(6, 11));
  return {
    ...payingLife(setting, { startedOn }),
    rhythm: null,
    voice: SILENT_VOICE,
    ticketsAYear: 6,
    tickets: [ticketAt(asks, { theme: "onboarding", state: setting.random.chance(0.35) ? "open" : "solved" })],
  };
};

const steady: Script = (setting) => {
  const life = seasoned(setting);
  const open = setting.random.chance(0.14)
    ? [ticketAt(ago(setting, 1, 9), { state: "open", priority: setting.random.pick(["low", "normal", "high"]) })]
    : [];
  return { ...life, tickets: open };
};

const growing: Script = (setting) => {
  const { random, span } = setting;
  const life = payingLife(setting, { startedOn: ago(setting, 260, 820) });
  const grown = life.contracts.map((contract) => {
    const last = monthsBegun(contract, span.today) - random.whole(0, 2);
    const months = [...new Set([Math.floor(last / 3), Math.floor((last * 2) / 3), last])].filter((month) => month > 0);
    let seats = contract.seats;
    const changes = months.map((month) => {
      seats = scaled(seats, random.between(1.1, 1.4));
      return { month, seats };
    });
    return { ...contract, changes };
  });
  const wants = {
    createdOn: ago(setting, 5, 30),
    stage: "Evaluation",
    closedOn: null,
    lostReason: null,
    kind: "expansion",
    seats: 10,
  } as const;
  return {
    ...life,
    contracts: grown,
    deals: random.chance(0.4) ? [...life.deals, wants] : life.deals,
    usage: { level: 0.86, yearly: 0.12, fadeFrom: null, fadeTo: 1 },
  };
};

const renewalContacted: Script = (setting) => {
  const life = payingLife(setting, { renewsOn: laterThisMonth(setting) });
  const spoke = ago(setting, 2, 10);
  return {
    ...life,
    rhythm: { from: startOfLife(life) + 30, everyDays: 35, lastInbound: spoke - 3, lastOutbound: spoke - 5 },
    moments: [...life.moments, { on: spoke, channel: "meeting", direction: "outbound", kind: "renewal_talk" }],
    deals: [
      ...life.deals,
      {
        createdOn: ago(setting, 20, 45),
        stage: "Negotiation",
        closedOn: null,
        lostReason: null,
        kind: "renewal",
        seats: 0,
      },
    ],
  };
};

const advocate: Script = (setting) => {
  const { random } = setting;
  const life = payingLife(setting, { startedOn: ago(setting, 260, 840) });
  const sides = random.some(["nps", "referral", "review", "case_study", "loyalty"] as const, random.whole(2, 4));
  const has = (side: (typeof sides)[number]) => sides.includes(side);
  return {
    ...life,
    usage: { level: 0.9, yearly: 0.05, fadeFrom: null, fadeTo: 1 },
    ticketsAYear: 1.5,
    voice: {
      nps: has("nps") || random.chance(0.7) ? [{ on: ago(setting, 8, 120), score: random.whole(9, 10) }] : [],
      referrals: has("referral") ? Array.from({ length: random.whole(1, 3) }, () => ago(setting, 12, 200)) : [],
      reviews: [
        has("review") ? { on: ago(setting, 15, 170), kind: "review" as const } : null,
        has("case_study") ? { on: ago(setting, 30, 200), kind: "case_study" as const } : null,
      ].filter((each) => each !== null),
      loyaltyFrom: has("loyalty") ? startOfLife(life) + 90 : null,
    },
  };
};

export const CUSTOMER_SCRIPTS = {
  just_bought: justBought,
  onboarding,
  steady,
  growing,
  renewal_contacted: renewalContacted,
  advocate,
} satisfies Partial<Record<ScriptName, Script>>;
