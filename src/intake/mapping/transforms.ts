import { SHARED_DOMAINS } from "../mail-domains.ts";
import { countryCode } from "./countries.ts";
import { type DecimalSign, readInteger, readMoney, readNumber } from "./numbers.ts";
import { readDay, readMoment } from "./times.ts";
import { Unfit } from "./unfit.ts";

export const TRANSFORMS = [
  "text",
  "lower",
  "upper",
  "integer",
  "decimal",
  "percent",
  "money",
  "boolean",
  "day",
  "moment",
  "country",
  "domain",
  "email",
] as const;
export type Transform = (typeof TRANSFORMS)[number];

/** What a transform needs to know beside the text. */
export interface Setting {
  zone: string;
  /** The row's currency; null where the mapping names none. */
  currency: string | null;
  decimal: DecimalSign | undefined;
  patterns: readonly RegExp[];
}

const YES = new Set(["true", "yes", "y", "1", "x", "t", "on", "ja", "wahr", "oui", "si", "sí"]);
const NO = new Set(["false", "no", "n", "0", "f", "off", "nein", "falsch", "non"]);

/** Turns the text of a column, trimmed and not empty, into a value. Throws Unfit with the reason where it cannot. */
export const transforms: Record<Transform, (text: string, setting: Setting) => unknown> = {
  text: (text) => text,
  lower: (text) => text.toLowerCase(),
  upper: (text) => text.toUpperCase(),
  integer: (text, { decimal }) => readInteger(text, decimal),
  decimal: (text, { decimal }) => Number(readNumber(text, decimal)),
  percent: (text, { decimal }) => Number(readNumber(text.replace(/\s*%$/, ""), decimal)) / 100,
  money: (text, { currency, decimal }) => {
    if (!currency)
      throw new Unfit(`${JSON.stringify(text)} has no currency; map \`currency\`, or name one under \`defaults\``);
    return readMoney(text, currency, decimal);
  },
  boolean: (text) => {
    const word = text.toLowerCase();
    if (YES.has(word)) return true;
    if (NO.has(word)) return false;
    throw new Unfit(`${JSON.stringify(text)} is neither yes nor no`);
  },
  day: (text, { patterns, zone }) => readDay(text, patterns, zone),
  moment: (text, { patterns, zone }) => readMoment(text, patterns, zone),
  country: countryCode,
  domain: domainOf,
  email: (text) => (/^\S+@\S+$/.test(text) ? text.toLowerCase() : null),
};

/** The company's domain in a web or mail address; null for what is none, and for mail providers, which many share. */
function domainOf(text: string): string | null {
  const host = text
    .toLowerCase()
    .replace(/^[a-z][a-z0-9+.-]*:\/\//, "")
    .replace(/^[^/?#]*@/, "")
    .replace(/[/?#:].*$/, "")
    .replace(/^www\.|\.$/g, "");
  return /^[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+$/u.test(host) && !SHARED_DOMAINS.has(host) ? host : null;
}
