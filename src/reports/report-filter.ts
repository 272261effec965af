import { z } from "zod";
import type { GroupFilter } from "#accounts/movements.ts";
import { ownersOf, teamsOf, valuesOf } from "#accounts/movements-groups.ts";
import { accountVocabulary } from "#accounts/vocabulary.ts";
import type { Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { AskAgain } from "#errors.ts";
import type { LifecycleModel } from "#lifecycle/model.ts";
import { nearestNames } from "#lifecycle/nearest-names.ts";
import type { ReportFilter } from "./churn-report.ts";

/** A filter as the workspace spells it, as the store counts it, and in words. */
export interface KnownFilter {
  filter: ReportFilter;
  group: GroupFilter;
  words: string;
}

/**
 * Reads the names of a filter as the workspace knows them: "germany" is "DE", "dana" is the one owner of that first name;
 * several countries go with commas. Throws AskAgain, with names that are near, for one that it does not know.
 */
export async function knownFilter(rows: Reading, asked: ReportFilter, today?: string): Promise<KnownFilter> {
  const filter: ReportFilter = {};
  const group: GroupFilter = {};
  const words: string[] = [];
  if (asked.team) {
    const team = pick("team", asked.team, await teamsOf(rows), ({ name }) => [name]);
    filter.team = team.name;
    group.ownerIds = team.ownerIds;
    words.push(`team ${team.name}`);
  }
  if (asked.owner) {
    const owner = await ownerNamed(rows, asked.owner);
    filter.owner = owner.name;
    group.ownerIds = group.ownerIds ? group.ownerIds.filter((id) => id === owner.id) : [owner.id];
    words.push(`owner ${owner.name}`);
  }
  for (const what of ["segment", "plan"] as const) {
    const said = asked[what];
    if (!said) continue;
    const value = pick(what, said, await valuesOf(rows, what), (each) => [each]);
    filter[what] = value;
    group[what] = value;
    words.push(`${what} ${value}`);
  }
  if (asked.country) {
    const countries = await countriesNamed(rows, asked.country);
    filter.country = countries.join(", ");
    group.countries = countries;
    words.push(countries.map(countryName).join(", "));
  }
  if (asked.industry) {
    const { industries } = await accountVocabulary(rows);
    const industry = pick("industry", asked.industry, industries, (each) => [each]);
    filter.industry = industry;
    group.industry = industry;
    words.push(`industry ${industry}`);
  }
  if (asked.stage) {
    filter.stage = asked.stage;
    group.stage = { model: await modelOf(rows), stage: asked.stage, on: today };
    words.push(`stage ${asked.stage.replaceAll("_", " ")} today`);
  }
  return { filter, group, words: words.join(", ") || "all accounts" };
}

/** The stage of a model that somebody names by its id or its name; "churned" is what the model calls lapsed. Throws AskAgain. */
export function stageNamed(said: string, { stages }: LifecycleModel): string {
  const all = [
    ...stages.map(({ id, name }) => ({ id, names: [id, name] })),
    { id: LAPSED, names: ["churned", "Lapsed"] },
  ];
  return pick("stage", said, all, ({ names }) => names).id;
}

const LAPSED = "lapsed";

const modelOf = async (rows: Reading): Promise<string> =>
  (
    await rows.one(
      z.object({ model: z.string() }),
      sql`select lifecycle_model as model from workspace where workspace_id = current_workspace()`,
    )
  ).model;

async function ownerNamed(rows: Reading, said: string): Promise<{ id: number; name: string }> {
  const owners = await ownersOf(rows);
  const part = owners.filter(({ name }) => folded(name).split(" ").includes(folded(said)));
  const whole = owners.some(({ name }) => folded(name) === folded(said));
  if (!whole && part.length > 1) throw new AskAgain(`Which ${said}: ${part.map(({ name }) => name).join(" or ")}?`);
  return part.length === 1 && !whole ? part[0]! : pick("account owner", said, owners, ({ name }) => [name]);
}

async function countriesNamed(rows: Reading, said: string): Promise<string[]> {
  const stored = await valuesOf(rows, "country");
  const wanted = said.split(",").map((each) => each.trim());
  return [...new Set(wanted.map((each) => pick("country", each, stored, (code) => [code, countryName(code)])))].sort();
}

/** The one of that name. Throws AskAgain. */
function pick<T>(what: string, said: string, all: readonly T[], namesOf: (one: T) => string[]): T {
  const match = all.find((each) => namesOf(each).some((name) => folded(name) === folded(said)));
  if (match !== undefined) return match;
  const names = all.map((each) => namesOf(each).at(-1)!); // each has a name
  if (names.length === 0) throw new AskAgain(`No ${what} is on record here, so I cannot filter by “${said}”.`);
  const near = nearestNames(said, names);
  const shown = (near.length > 0 ? near : names).slice(0, 12).join(", ");
  throw new AskAgain(
    `There is no ${what} “${said}” here. ${near.length > 0 ? "Did you mean" : "There are"}: ${shown}${near.length > 0 ? "?" : "."}`,
  );
}

const folded = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[\s_-]+/g, " ")
    .trim();

const regions = new Intl.DisplayNames("en", { type: "region" });
const countryName = (code: string): string => (/^[A-Z]{2}$/.test(code) ? (regions.of(code) ?? code) : code);
