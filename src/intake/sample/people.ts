import type { Segment } from "./life.ts";
import { type Row, row } from "./row.ts";

/** The vendor of the sample company's world: desks, rooms and shifts, planned in one place. */
export const VENDOR = { name: "Larkspur", domain: "larkspur.example", zone: "America/New_York" };

const TEAMS = [
  { id: "team-emea", name: "EMEA" },
  { id: "team-americas", name: "Americas" },
  { id: "team-dach", name: "DACH" },
  { id: "team-enterprise", name: "Enterprise" },
] as const;
type TeamId = (typeof TEAMS)[number]["id"];

/** Managers come before the people whom they lead, so that each row names one that is there. */
const PEOPLE: { id: string; name: string; role: string; team: TeamId | null; lead: string | null; active?: boolean }[] =
  [
    { id: "p-00", name: "Ingrid Sandoval", role: "vp_sales", team: null, lead: null },
    { id: "p-01", name: "Niamh Corrigan", role: "manager", team: "team-emea", lead: "p-00" },
    { id: "p-02", name: "Mateo Villanueva", role: "manager", team: "team-americas", lead: "p-00" },
    { id: "p-03", name: "Annika Reuter", role: "manager", team: "team-dach", lead: "p-00" },
    { id: "p-04", name: "Desmond Achebe", role: "manager", team: "team-enterprise", lead: "p-00" },
    { id: "p-05", name: "Owen Fairclough", role: "sales_rep", team: "team-emea", lead: "p-01" },
    { id: "p-06", name: "Camille Duret", role: "sales_rep", team: "team-emea", lead: "p-01" },
    { id: "p-07", name: "Saskia Vermeulen", role: "account_manager", team: "team-emea", lead: "p-01" },
    { id: "p-08", name: "Tasha Whitlock", role: "sales_rep", team: "team-americas", lead: "p-02" },
    { id: "p-09", name: "Rafael Moreira", role: "sales_rep", team: "team-americas", lead: "p-02" },
    { id: "p-10", name: "June Okafor", role: "account_manager", team: "team-americas", lead: "p-02" },
    { id: "p-11", name: "Lukas Brandl", role: "sales_rep", team: "team-dach", lead: "p-03" },
    { id: "p-12", name: "Vera Zumstein", role: "account_manager", team: "team-dach", lead: "p-03" },
    { id: "p-13", name: "Priya Raghunathan", role: "account_manager", team: "team-enterprise", lead: "p-04" },
    { id: "p-14", name: "Callum Strand", role: "account_manager", team: "team-enterprise", lead: "p-04" },
    { id: "p-15", name: "Bea Lindqvist", role: "sales_rep", team: "team-emea", lead: "p-01", active: false },
    { id: "p-20", name: "Halima Njoroge", role: "support_lead", team: null, lead: "p-00" },
    { id: "p-21", name: "Jonas Petrov", role: "support", team: null, lead: "p-20" },
    { id: "p-22", name: "Mei Takahashi", role: "support", team: null, lead: "p-20" },
  ];

const DACH = ["DE", "AT", "CH"];
const AMERICAS = ["US", "CA", "BR", "MX"];
export const SUPPORT = PEOPLE.filter((person) => person.role.startsWith("support")).map((person) => person.id);

/** Of so many accounts of a colleague who left, one still stands in that name. */
const HANDED_OVER = 7;

/** Who may own an account of this country and segment: the reps of the team in charge, and rarely one who left. */
export function ownersFor(country: string, segment: Segment): string[] {
  const team = teamFor(country, segment);
  const reps = PEOPLE.filter((person) => person.team === team && person.role !== "manager");
  return reps.flatMap(({ id, active = true }) => (active ? Array.from({ length: HANDED_OVER }, () => id) : [id]));
}

function teamFor(country: string, segment: Segment): TeamId {
  if (segment === "enterprise") return "team-enterprise";
  if (DACH.includes(country)) return "team-dach";
  return AMERICAS.includes(country) ? "team-americas" : "team-emea";
}

export function teamRows(): Row[] {
  return TEAMS.map(({ id, name }) => {
    const manager = PEOPLE.find((person) => person.team === id && person.role === "manager");
    return row("crm", "team", { id, name, manager: manager?.id ?? null });
  });
}

export function personRows(): Row[] {
  return PEOPLE.map(({ id, name, role, team, lead, active = true }) => {
    const email = `${mailName(name)}@${VENDOR.domain}`;
    return row("crm", "person", { id, name, email, role, team, manager: lead, active });
  });
}

/** "Anaïs Müller" → "anais.muller". Letters that no mail server takes become a name of their own. */
export function mailName(name: string): string {
  const plain = name
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .replaceAll("ß", "ss")
    .toLowerCase();
  return plain.replace(/[^a-z]+/g, ".").replace(/^\.+|\.+$/g, "") || "office";
}
