import type { PortfolioQuery } from "#accounts/portfolio.ts";
import type { AccountVocabulary } from "#accounts/vocabulary.ts";
import { AskAgain } from "#errors.ts";
import { nearestNames } from "#lifecycle/nearest-names.ts";
import { toMinor } from "#money.ts";
import type { ToolContext } from "./define-tool.ts";
import type { PortfolioFilters } from "./portfolio-input.ts";

type Filters = Omit<PortfolioQuery, "model" | "today" | "sort" | "limit">;

/** Filters as a person names things, read as the workspace knows them. Throws AskAgain for a name that it does not. */
export function readFilters(
  filters: PortfolioFilters,
  words: AccountVocabulary,
  { knowledge, baseCurrency }: ToolContext,
): Filters {
  const { model } = knowledge;
  const stages = [
    ...model.stages.map(({ id, name }) => ({ value: id, names: [id, name] })),
    { value: "lapsed", names: ["lapsed", "churned"] },
  ];
  return {
    stages: filters.stage?.map((said) => known("stage", said, stages)),
    owners: filters.owner?.flatMap((said) => people(said, words.owners)),
    teams: filters.team?.map((said) => known("team", said, plain(words.teams))),
    segments: filters.segment?.map((said) => known("segment", said, plain(words.segments))),
    industries: filters.industry?.map((said) => known("industry", said, plain(words.industries))),
    countries: filters.country?.map((said) =>
      known(
        "country",
        said,
        words.countries.map((value) => ({ value, names: [value, countryName(value)] })),
      ),
    ),
    plans: filters.plan?.map((said) => known("plan", said, plain(words.plans))),
    nameContains: filters.name_contains,
    mrr: filters.mrr && {
      at_least: filters.mrr.at_least === undefined ? undefined : toMinor(filters.mrr.at_least, baseCurrency),
      at_most: filters.mrr.at_most === undefined ? undefined : toMinor(filters.mrr.at_most, baseCurrency),
    },
    health: filters.health,
    nps: filters.nps,
    renewsFrom: filters.renews_from,
    renewsTo: filters.renews_to,
    silentDays: filters.no_contact_days,
    contactedWithinDays: filters.contacted_within_days,
    unusedDays: filters.not_used_days,
    tickets: filters.tickets && {
      priorities: filters.tickets.priority,
      state: filters.tickets.state,
      withinDays: filters.tickets.within_days,
      moreThan: filters.tickets.more_than,
    },
    paying: filters.paying,
    lapsed: filters.lapsed,
    cancelling: filters.cancelling,
    overdue: filters.overdue,
    crmDiffers: filters.crm_differs,
    openOpportunity: filters.open_opportunity,
    owned: filters.owned,
  };
}

interface Named {
  value: string;
  names: string[];
}

const plain = (values: string[]): Named[] => values.map((value) => ({ value, names: [value] }));
const folded = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[\s_-]+/g, " ")
    .trim();

function known(what: string, said: string, all: Named[]): string {
  const match = all.find(({ names }) => names.some((each) => folded(each) === folded(said)));
  if (match) return match.value;
  const values = all.map(({ names }) => names.at(-1)!); // every entry has a name
  if (values.length === 0)
    throw new AskAgain(`No account here has a ${what} on record, so I cannot filter by “${said}”.`);
  const near = nearestNames(said, values);
  const shown = (near.length > 0 ? near : values).slice(0, 12).join(", ");
  throw new AskAgain(
    `There is no ${what} “${said}” here. ${near.length > 0 ? "Did you mean" : "There are"}: ${shown}${near.length > 0 ? "?" : "."}`,
  );
}

/** A full name, or a first or last name of one person. */
function people(said: string, owners: string[]): string[] {
  const exact = owners.filter((each) => folded(each) === folded(said));
  if (exact.length > 0) return exact;
  const part = owners.filter((each) => folded(each).split(" ").includes(folded(said)));
  if (part.length === 1) return part;
  if (part.length > 1) throw new AskAgain(`Which ${said}: ${part.join(" or ")}?`);
  return [known("account owner", said, plain(owners))];
}

function countryName(code: string): string {
  return /^[A-Z]{2}$/.test(code) ? (new Intl.DisplayNames("en", { type: "region" }).of(code) ?? code) : code;
}
