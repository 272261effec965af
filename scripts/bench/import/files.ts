import { seeded } from "#seeded.ts";
import { coinedWords, LEGAL_FORMS, NOUNS } from "../store/names.ts";

/** Mappings of the two generated files. */
export const MAPPING: Record<string, string> = {
  accounts: `
source: bench
defaults: { currency: USD, zone: UTC }
files:
  - file: accounts.csv
    kind: account
    id: id
    fields: { name: name, domains: domain, industry: industry, country: country, plan: plan, createdOn: created }
`,
  tickets: `
source: bench
defaults: { currency: USD, zone: UTC }
files:
  - file: tickets.csv
    kind: ticket
    id: id
    fields: { account: account, subject: subject, status: status, priority: priority, csat: csat, createdAt: created, solvedAt: solved }
`,
};

/** Lines of a CSV of so many accounts, each with a name and a domain of its own. */
export function* accountLines(count: number): Generator<string> {
  const random = seeded(11);
  const words = coinedWords(count, random);
  const pick = (from: readonly string[]) => from[Math.floor(random() * from.length)]!;
  yield "id,name,domain,industry,country,plan,created\n";
  for (let at = 0; at < count; at++) {
    const name = `${words[at]} ${pick(NOUNS)} ${pick(LEGAL_FORMS)}`;
    yield `A-${at},"${name}",${words[at]!.toLowerCase()}.example,${pick(INDUSTRIES)},${pick(COUNTRIES)},${pick(PLANS)},${day(random, 900)}\n`;
  }
}

/** Lines of a CSV of so many tickets, spread over the accounts. */
export function* ticketLines(count: number, accounts: number): Generator<string> {
  const random = seeded(12);
  const pick = (from: readonly string[]) => from[Math.floor(random() * from.length)]!;
  yield "id,account,subject,status,priority,csat,created,solved\n";
  for (let at = 0; at < count; at++) {
    const created = day(random, 400);
    const solved = random() < 0.9;
    const rating = solved && random() < 0.4 ? String(1 + Math.floor(random() * 5)) : "";
    yield `T-${at},A-${at % accounts},"${pick(NOUNS)}: export stops, number ${at}",${solved ? "solved" : "open"},${pick(PRIORITIES)},${rating},${created}T08:15:00Z,${solved ? `${created}T16:40:00Z` : ""}\n`;
  }
}

const INDUSTRIES = ["SaaS", "Retail", "Health", "FinTech", "EdTech"];
const COUNTRIES = ["US", "DE", "GB", "FR", "NL"];
const PLANS = ["Basic", "Pro", "Enterprise"];
const PRIORITIES = ["low", "normal", "high", "urgent"];

function day(random: () => number, within: number): string {
  return new Date(Date.UTC(2026, 10, 20) - Math.floor(random() * within) * 86_400_000).toISOString().slice(0, 10);
}
