import type { Plan, ScriptName, Segment } from "./life.ts";
import { companyNames, INDUSTRIES, jobTitle, personName } from "./names.ts";
import { mailName, ownersFor } from "./people.ts";
import { type Random, randomOf } from "./random.ts";

export interface ContactCard {
  id: string;
  name: string;
  email: string | null;
  phone: string | null;
  title: string;
  role: "champion" | "decision_maker" | "user" | "billing";
  optOut: boolean;
}

/** Who an account is, before anything happens to it. */
export interface Customer {
  id: string;
  name: string;
  domains: string[];
  aliases: string[];
  parentId: string | null;
  country: string | null;
  currency: "USD" | "EUR" | null;
  segment: Segment | null;
  industry: string | null;
  employees: number | null;
  ownerId: string | null;
  leadSource: LeadSource | null;
  plan: Plan;
  tags: string[];
  contacts: ContactCard[];
  /** The CRM names this stage, whatever the story says. */
  crmStage?: string;
}

export const LEAD_SOURCES = [
  "Paid search",
  "Social",
  "Organic search",
  "Referral",
  "Trade fair",
  "Webinar",
  "Word of mouth",
] as const;
export type LeadSource = (typeof LEAD_SOURCES)[number];

const COUNTRIES: { code: string; weight: number; currency: "USD" | "EUR" }[] = [
  { code: "US", weight: 34, currency: "USD" },
  { code: "CA", weight: 8, currency: "USD" },
  { code: "BR", weight: 4, currency: "USD" },
  { code: "MX", weight: 3, currency: "USD" },
  { code: "GB", weight: 12, currency: "EUR" },
  { code: "FR", weight: 8, currency: "EUR" },
  { code: "NL", weight: 7, currency: "EUR" },
  { code: "SE", weight: 4, currency: "EUR" },
  { code: "ES", weight: 5, currency: "EUR" },
  { code: "IT", weight: 3, currency: "EUR" },
  { code: "IE", weight: 2, currency: "EUR" },
  { code: "DE", weight: 14, currency: "EUR" },
  { code: "AT", weight: 3, currency: "EUR" },
  { code: "CH", weight: 3, currency: "EUR" },
];
const BY_WEIGHT = COUNTRIES.flatMap((country) => Array.from({ length: country.weight }, () => country));
const EMPLOYEES: Record<Segment, [number, number]> = {
  startup: [12, 90],
  "mid-market": [120, 900],
  enterprise: [1500, 18000],
};
const PLANS: Record<Segment, Plan[]> = {
  startup: ["Basic", "Basic", "Team"],
  "mid-market": ["Team", "Business", "Business"],
  enterprise: ["Enterprise"],
};
const TAGS = ["hybrid", "multi-site", "works-council", "shift-work", "pilot-region", "public-tender"];

/** Makes customers one after the other; each draws from a stream of its own. */
export function customerMaker(seed: number): (no: number, script: ScriptName) => Customer {
  const nameFor = companyNames(randomOf(seed, "company names"));
  return (no, script) => {
    const random = randomOf(seed, `customer ${no}`);
    const { code, currency } = random.pick(BY_WEIGHT);
    const segment = random.pick<Segment>([
      "startup",
      "startup",
      "startup",
      "mid-market",
      "mid-market",
      "mid-market",
      "enterprise",
    ]);
    const industry = random.pick(INDUSTRIES);
    const name = nameFor(code, industry);
    const domain = domainOf(name, code);
    const id = accountId(no);
    return {
      id,
      name,
      country: code,
      currency,
      segment,
      industry: industry.name,
      parentId: null,
      domains: random.chance(0.08) ? [domain, `${domain.split(".")[0]}-group.example`] : [domain],
      aliases: random.chance(0.05)
        ? [`${name.split(" ")[0]} ${random.pick(["Partners", "Brothers", "Services", "1987"])}`]
        : [],
      employees: random.whole(...EMPLOYEES[segment]),
      ownerId: random.pick(ownersFor(code, segment)),
      leadSource: random.pick(LEAD_SOURCES),
      plan: random.pick(PLANS[segment]),
      tags: random.some(TAGS, random.whole(0, 2)),
      contacts: contactsOf(random, { id, domain, country: code, count: contactCount(random, script, segment) }),
    };
  };
}

export const accountId = (no: number): string => `acc-${String(no).padStart(4, "0")}`;

function contactCount(random: Random, script: ScriptName, segment: Segment): number {
  if (script === "lead_only") return random.whole(0, 1);
  return segment === "enterprise" ? random.whole(3, 5) : random.whole(1, 3);
}

/** Domains under ".example" belong to nobody. */
function domainOf(name: string, country: string): string {
  const words = mailName(
    name.replace(/ (GmbH|AG|Inc|LLC|Ltd|Limited|plc|SAS|SARL|BV|AB|SL|SA|Srl|Corp)\b.*$/, ""),
  ).split(".");
  return `${words.join("-")}.${country.toLowerCase()}.example`;
}

const ROLES = ["champion", "decision_maker", "user", "billing", "user"] as const;

export interface ContactWish {
  id: string;
  domain: string;
  country: string;
  count: number;
}

/** The people at a customer: the first is the champion, then who decides, who uses, who pays. */
export function contactsOf(random: Random, { id, domain, country, count }: ContactWish): ContactCard[] {
  return Array.from({ length: count }, (_, at) => {
    const name = personName(random, country);
    return {
      id: `con-${id.slice(4)}-${at + 1}`,
      name,
      email: random.chance(0.95) ? `${mailName(name)}${at > 0 ? at + 1 : ""}@${domain}` : null,
      phone: random.chance(0.6) ? `+00 555 ${random.whole(1000, 9999)}` : null,
      title: jobTitle(random),
      role: ROLES[at] ?? "user",
      optOut: random.chance(0.06),
    };
  });
}
