/** What people call countries besides their names: adjectives and short forms, by ISO code. */
const CALLED: Record<string, string> = {
  AE: "uae|emirati",
  AR: "argentinian",
  AT: "austrian",
  AU: "australian|aussie",
  BE: "belgian",
  BR: "brazilian",
  CA: "canadian",
  CH: "swiss",
  CN: "chinese",
  CZ: "czech|czech republic",
  DE: "german",
  DK: "danish",
  ES: "spanish",
  FI: "finnish",
  FR: "french",
  GB: "uk|british|english|britain|great britain|england",
  GR: "greek",
  HU: "hungarian",
  IE: "irish",
  IL: "israeli",
  IN: "indian",
  IT: "italian",
  JP: "japanese",
  KR: "korean",
  MX: "mexican",
  NL: "dutch|holland|the netherlands",
  NO: "norwegian",
  NZ: "new zealand",
  PL: "polish",
  PT: "portuguese",
  RO: "romanian",
  SE: "swedish",
  SG: "singaporean",
  TR: "turkish",
  US: "usa|u\\.s\\.a?\\.?|the us\\b|american|america|the states|united states of america",
  ZA: "south african",
};

const REGIONS: Record<string, string> = {
  dach: "DE AT CH",
  benelux: "BE NL LU",
  nordics: "SE NO DK FI IS",
  europe: "DE AT CH BE NL LU SE NO DK FI IS FR ES PT IT GB IE PL CZ HU RO GR EE LV LT SK SI HR BG",
  emea: "DE AT CH BE NL LU SE NO DK FI IS FR ES PT IT GB IE PL CZ HU RO GR EE LV LT SK SI HR BG AE SA IL TR ZA EG NG KE",
  apac: "AU NZ JP CN KR IN SG HK TW ID MY TH VN PH",
  latam: "BR MX AR CL CO PE",
  "north america": "US CA MX",
  americas: "US CA MX BR AR CL CO PE",
};

const names = new Intl.DisplayNames("en", { type: "region" });
const isCode = (country: string): boolean => /^[A-Z]{2}$/.test(country);

/** Everything that a stored country ("DE" or "Germany") may be called, as patterns over lower-case text. */
export function callings(country: string): string[] {
  const code = isCode(country) ? country : codeOf(country);
  const own = isCode(country) ? [] : [escaped(country.toLowerCase())];
  const name = code ? (names.of(code) ?? "") : "";
  return [
    ...own,
    ...(name ? [escaped(name.toLowerCase())] : []),
    ...(code && CALLED[code] ? CALLED[code].split("|") : []),
  ];
}

/** The stored countries of a region that a question names. */
export function countriesOf(region: string, stored: readonly string[]): string[] {
  const codes = (REGIONS[region] ?? "").split(" ");
  return stored.filter((country) => codes.includes(isCode(country) ? country : (codeOf(country) ?? "")));
}

export const REGION_NAMES = Object.keys(REGIONS);
export const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

const codeOf = (name: string): string | undefined =>
  Object.keys(CALLED).find((code) => names.of(code)?.toLowerCase() === name.toLowerCase());
