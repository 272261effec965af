const OTHER_NAMES: Record<string, string> = {
  uk: "GB",
  "great britain": "GB",
  england: "GB",
  scotland: "GB",
  wales: "GB",
  usa: "US",
  "u.s.": "US",
  "u.s.a.": "US",
  "united states of america": "US",
  america: "US",
  holland: "NL",
  "the netherlands": "NL",
  "czech republic": "CZ",
  "south korea": "KR",
  "republic of korea": "KR",
  russia: "RU",
  turkey: "TR",
  uae: "AE",
  "viet nam": "VN",
};
const LANGUAGES = ["en", "de", "fr", "es", "it", "nl"];

let names: Map<string, string> | null = null;

/** The two-letter code of a country that is named by its code or in one of six languages; other texts stay as they are. */
export function countryCode(given: string): string {
  const lower = given.toLowerCase();
  const other = OTHER_NAMES[lower];
  if (other) return other;
  if (/^[a-z]{2}$/.test(lower)) return lower.toUpperCase();
  names ??= allNames();
  return names.get(lower) ?? given;
}

function allNames(): Map<string, string> {
  const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
  // Codes of countries that are no more (DD) have a newer one (DE).
  const codes = letters
    .flatMap((one) => letters.map((other) => one + other))
    .filter((code) => new Intl.Locale(`und-${code}`).region === code);
  const found = LANGUAGES.flatMap((language) => {
    const display = new Intl.DisplayNames(language, { type: "region", fallback: "none" });
    return codes.flatMap((code): [string, string][] => {
      const name = display.of(code);
      return name ? [[name.toLowerCase(), code]] : [];
    });
  });
  return new Map(found.reverse()); // the first language, and the first code of a name, win
}
