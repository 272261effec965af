import { AskAgain } from "#errors.ts";
import { nearestNames } from "#lifecycle/nearest-names.ts";
import type { ScheduleFilter } from "./schedule.ts";

/** The names that a workspace has for teams, people and groups of accounts. */
export interface KnownNames {
  teams: readonly string[];
  owners: readonly string[];
  segments: readonly string[];
  countries: readonly string[];
  plans: readonly string[];
}

type Kind = "team" | "owner" | "segment" | "country" | "plan";

/** "DACH", "team Enterprise", "plan Pro", "Germany", "Owen" as a filter. Throws AskAgain for a name that nothing here has. */
export function filterNamed(said: string, known: KnownNames): ScheduleFilter {
  const { kind, name } = kindIn(said);
  const found = candidates(known).filter(
    (each) => (kind === null || each.kind === kind) && each.names.some((one) => folded(one) === folded(name)),
  );
  const [first] = found;
  if (first) return { [first.kind]: first.value };
  const persons = known.owners.filter((each) => folded(each).split(" ").includes(folded(name)));
  if ((kind === null || kind === "owner") && persons.length === 1) return { owner: persons[0]! }; // there is one
  if (persons.length > 1) throw new AskAgain(`Which ${name}: ${persons.slice(0, 5).join(" or ")}?`);
  const near = nearestNames(
    name,
    candidates(known).flatMap(({ names }) => names),
  );
  const hint =
    near.length > 0
      ? ` Did you mean ${near.join(", ")}?`
      : ` Teams here are ${known.teams.slice(0, 8).join(", ") || "not on record"}.`;
  throw new AskAgain(`There is no ${kind ?? "team, person, segment, country or plan"} “${name}” here.${hint}`);
}

function kindIn(said: string): { kind: Kind | null; name: string } {
  const before = /^(?:the )?(?<kind>team|owner|segment|country|plan) (?<name>.+)$/i.exec(said)?.groups;
  const after = /^(?:the )?(?<name>.+?) (?<kind>team|segment|plan)$/i.exec(said)?.groups;
  const found = before ?? after;
  if (!found) return { kind: null, name: said.replace(/^the /i, "") };
  return { kind: found.kind?.toLowerCase() as Kind, name: found.name ?? said }; // the pattern names these kinds only
}

interface Candidate {
  kind: Kind;
  value: string;
  names: string[];
}

/** In the order in which a name is looked for: a team called as a country is is meant as the team. */
const candidates = ({ teams, owners, segments, countries, plans }: KnownNames): Candidate[] => [
  ...of("team", teams),
  ...of("owner", owners),
  ...of("segment", segments),
  ...countries.map((value): Candidate => ({ kind: "country", value, names: [value, countryName(value)] })),
  ...of("plan", plans),
];

const of = (kind: Kind, values: readonly string[]): Candidate[] =>
  values.map((value) => ({ kind, value, names: [value] }));

const folded = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[\s_-]+/g, " ")
    .trim();

const countryName = (code: string): string =>
  /^[A-Z]{2}$/.test(code) ? (new Intl.DisplayNames("en", { type: "region" }).of(code) ?? code) : code;
