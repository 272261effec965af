/** What health is read from; null means that no source tells it. Days are whole days, ratios between 0 and 1 or above. */
export interface HealthFacts {
  seatUse: number | null;
  usageChange: number | null;
  daysSinceUse: number | null;
  usageKnown: boolean;
  openUrgentTickets: number | null;
  tickets30d: number | null;
  csat90d: number | null;
  daysSinceTouch: number | null;
  championLeft: boolean;
  billingKnown: boolean;
  overdueDays: number | null;
  cancelling: boolean;
  npsScore: number | null;
  npsAgeDays: number | null;
}

/** One part of the health score: its points out of its weight, and the raw fact behind them. `points` null: not known. */
export interface HealthPart {
  part: "usage" | "support" | "contact" | "payment" | "voice";
  weight: number;
  points: number | null;
  because: string;
}

/** Health from 0 to 100 over the parts that are known; null when less than half of the weight is. */
export interface Health {
  score: number | null;
  parts: HealthPart[];
  /** Share of the weight that is known, 0 to 1. */
  coverage: number;
}

/** Bands of a health score, the worst first. */
export const HEALTH_BANDS = ["poor", "watch", "good"] as const;
export type HealthBand = (typeof HEALTH_BANDS)[number];
/** The lowest scores of the better bands. */
export const BAND_FROM = { watch: 40, good: 70 } as const;

/** The band of a health score from 0 to 100. */
export const healthBand = (score: number): HealthBand =>
  score >= BAND_FROM.good ? "good" : score >= BAND_FROM.watch ? "watch" : "poor";

const WEIGHTS = { usage: 30, support: 20, contact: 20, payment: 15, voice: 15 } as const;
const ENOUGH_COVERAGE = 0.5; // a score from less than half of its parts would look surer than it is
const NPS_SPEAKS_DAYS = 365;
const SILENCE = { fine: 30, long: 90 }; // a month is a normal rhythm, a quarter is a lost thread
const HEALTHY_SEAT_USE = 0.7; // of the seats paid for, active in 30 days
const STORM = 5; // tickets in 30 days that point to a problem rather than to questions

/** The health of one account: expert weights, every part with its reason, missing parts named and never counted as zero. */
export function healthOf(facts: HealthFacts): Health {
  const parts = [usage(facts), support(facts), contact(facts), payment(facts), voice(facts)];
  const known = parts.filter((each) => each.points !== null);
  const weight = sum(known.map((each) => each.weight));
  const coverage = weight / sum(Object.values(WEIGHTS));
  const score =
    coverage < ENOUGH_COVERAGE ? null : Math.round((100 * sum(known.map((each) => each.points ?? 0))) / weight);
  return { score, parts, coverage };
}

function usage({ usageKnown, seatUse, usageChange, daysSinceUse }: HealthFacts): HealthPart {
  if (!usageKnown) return part("usage", null, "no current usage data");
  if (daysSinceUse === null || daysSinceUse > 30)
    return part("usage", 0, daysSinceUse === null ? "never used" : `not used for ${daysSinceUse} days`);
  const breadth = seatUse === null ? 0.7 : Math.min(1, seatUse / HEALTHY_SEAT_USE);
  const trend = usageChange === null ? 1 : Math.min(1, Math.max(0, 1 + usageChange));
  const said = [
    seatUse === null ? null : `${percent(seatUse)} of seats active`,
    usageChange === null ? null : `usage ${signed(usageChange)} in 30 days`,
  ];
  return part("usage", 0.6 * breadth + 0.4 * trend, said.filter(Boolean).join(", ") || `used ${daysSinceUse} days ago`);
}

function support({ openUrgentTickets, tickets30d, csat90d }: HealthFacts): HealthPart {
  if (openUrgentTickets === null || tickets30d === null) return part("support", null, "no current ticket data");
  const burning = Math.min(1, openUrgentTickets * 0.5);
  const storm = Math.min(1, tickets30d / STORM) * 0.4;
  const unhappy = csat90d === null ? 0 : Math.max(0, (4 - csat90d) / 3) * 0.4;
  const said = [
    `${openUrgentTickets} urgent open`,
    `${tickets30d} ticket${tickets30d === 1 ? "" : "s"} in 30 days`,
    csat90d === null ? null : `CSAT ${csat90d}`,
  ];
  return part("support", 1 - Math.min(1, burning + storm + unhappy), said.filter(Boolean).join(", "));
}

function contact({ daysSinceTouch, championLeft }: HealthFacts): HealthPart {
  if (daysSinceTouch === null) return part("contact", null, "no contact on record");
  const rhythm = 1 - Math.min(1, Math.max(0, (daysSinceTouch - SILENCE.fine) / (SILENCE.long - SILENCE.fine)));
  return part(
    "contact",
    championLeft ? rhythm / 2 : rhythm,
    `last contact ${daysSinceTouch} days ago${championLeft ? ", champion left" : ""}`,
  );
}

function payment({ billingKnown, overdueDays, cancelling }: HealthFacts): HealthPart {
  if (!billingKnown) return part("payment", null, "no current billing data");
  if (cancelling) return part("payment", 0, "cancellation scheduled");
  if (overdueDays === null || overdueDays <= 0) return part("payment", 1, "nothing overdue");
  return part("payment", Math.max(0, 0.5 - overdueDays / 60), `${overdueDays} days overdue`);
}

function voice({ npsScore, npsAgeDays }: HealthFacts): HealthPart {
  if (npsScore === null || npsAgeDays === null) return part("voice", null, "no NPS answer");
  if (npsAgeDays > NPS_SPEAKS_DAYS) return part("voice", null, `NPS answer is ${npsAgeDays} days old`);
  return part("voice", npsScore / 10, `NPS ${npsScore}`);
}

function part(name: HealthPart["part"], share: number | null, because: string): HealthPart {
  const weight = WEIGHTS[name];
  return { part: name, weight, points: share === null ? null : Math.round(share * weight), because };
}

const sum = (numbers: number[]): number => numbers.reduce((whole, each) => whole + each, 0);
const percent = (ratio: number): string => `${Math.round(ratio * 100)}%`;
const signed = (ratio: number): string => `${ratio >= 0 ? "+" : "−"}${Math.round(Math.abs(ratio) * 100)}%`;
