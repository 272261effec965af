import { withoutDays } from "./days.ts";
import { readFigures } from "./figures.ts";
import { withoutIdentifiers } from "./identifiers.ts";
import { readAddresses } from "./links.ts";
import { ordersTheMachine, withoutOrders } from "./orders.ts";
import { folded, plainText } from "./plain-text.ts";

/** What a tool found, as the ledger reads it: its typed output and the same in words. Never what a model asked for. */
export interface Grounds {
  output: unknown;
  words: string;
}

/** Everything that the findings of a question say: a figure, day, name or address that is not here is not shown. */
export interface Ledger {
  plain: Set<number>;
  percent: Set<number>;
  /** Amounts by currency. */
  money: Map<string, Set<number>>;
  currencies: Set<string>;
  /** ISO days. */
  days: Set<string>;
  ids: Set<number>;
  longestList: number;
  addresses: Set<string>;
  /** All texts, folded, one after the other. */
  text: string;
  /** The tools' own words alone, folded line by line. */
  spoken: string;
}

const ID_KEY = /^(id|ids|.*Ids?|.*_ids?|rows?|line|version|hash)$/;
const MINOR_KEY = /(Minor|_minor|^minor)$/;
const SHARE_KEY = /(percent|pct|share|ratio|rate|change|use)$/i;
const ISO_DAY = /^\d{4}-\d{2}-\d{2}(?:T|$)/;

/**
 * The ledger of a question's findings. A text among them that gives orders to a machine proves nothing and is left out;
 * `withOrders` keeps it, for what the tools say themselves: they quote such a text as they quote any other.
 */
export function ledgerOf(given: readonly Grounds[], { withOrders = false } = {}): Ledger {
  const findings = withOrders ? given : given.map((each) => ({ ...each, words: withoutOrders(each.words) }));
  const ledger: Ledger = {
    plain: new Set(),
    percent: new Set(),
    money: new Map(),
    currencies: new Set(),
    days: new Set(),
    ids: new Set(),
    longestList: 0,
    addresses: new Set(),
    text: "",
    spoken: "",
  };
  const texts = new Set<string>();
  for (const { output, words } of findings) {
    collect(ledger, texts, output, "", null);
    texts.add(words);
  }
  if (!withOrders) for (const text of texts) if (ordersTheMachine(text)) texts.delete(text);
  for (const text of texts) readText(ledger, text);
  ledger.spoken = `\n${findings.flatMap(({ words }) => words.split("\n").map(folded)).join("\n")}\n`;
  ledger.text = [...texts].map(folded).join(" \n ");
  return ledger;
}

function collect(ledger: Ledger, texts: Set<string>, value: unknown, key: string, currency: string | null): void {
  if (typeof value === "number") {
    addNumber(ledger, value, key, currency);
    return;
  }
  if (typeof value === "string") {
    if (ISO_DAY.test(value)) ledger.days.add(value.slice(0, 10));
    texts.add(value);
    return;
  }
  if (Array.isArray(value)) {
    if (!ID_KEY.test(key)) {
      ledger.plain.add(value.length);
      ledger.longestList = Math.max(ledger.longestList, value.length);
    }
    for (const each of value) collect(ledger, texts, each, key, currency);
    return;
  }
  if (typeof value !== "object" || value === null) return;
  const own = "currency" in value && typeof value.currency === "string" ? value.currency : currency;
  if (own) ledger.currencies.add(own);
  for (const [name, each] of Object.entries(value)) collect(ledger, texts, each, name, own);
}

function addNumber(ledger: Ledger, value: number, key: string, currency: string | null): void {
  if (ID_KEY.test(key)) ledger.ids.add(value);
  else if (MINOR_KEY.test(key)) addMoney(ledger, value / 10 ** digitsOf(currency), currency);
  else {
    addSigned(ledger.plain, value);
    if (SHARE_KEY.test(key) || (Math.abs(value) <= 1 && !Number.isInteger(value))) {
      for (const grain of [1, 10]) addSigned(ledger.percent, Math.round(value * 100 * grain) / grain);
      if (SHARE_KEY.test(key)) addSigned(ledger.percent, value);
    }
  }
}

function readText(ledger: Ledger, text: string): void {
  for (const address of readAddresses(text)) ledger.addresses.add(address.toLowerCase());
  const { days, text: withoutAnyDay } = withoutDays(plainText(text));
  for (const reading of days.flatMap((day) => day.readings))
    if (/^\d{4}-\d\d-\d\d$/.test(reading)) ledger.days.add(reading);
  const { identifiers, text: rest } = withoutIdentifiers(withoutAnyDay);
  for (const each of identifiers) if (/^#\d+$/.test(each)) ledger.ids.add(Number(each.slice(1)));
  for (const figure of readFigures(rest)) {
    for (const value of figure.values) {
      if (figure.kind === "percent") addSigned(ledger.percent, value);
      else if (figure.kind === "money") addMoney(ledger, value, figure.currency);
      else addSigned(ledger.plain, value);
    }
  }
}

function addMoney(ledger: Ledger, value: number, currency: string | null): void {
  const amounts = (currency ? ledger.money.get(currency) : ledger.plain) ?? new Set();
  if (currency) {
    ledger.money.set(currency, amounts);
    ledger.currencies.add(currency);
  }
  addSigned(amounts, value);
}

/** A fall of −5 may be told as "5 fewer", so both are kept. */
function addSigned(numbers: Set<number>, value: number): void {
  const tidy = Number(value.toPrecision(15));
  numbers.add(tidy);
  numbers.add(Math.abs(tidy));
}

const digits = new Map<string, number>();
function digitsOf(currency: string | null): number {
  if (!currency || !/^[A-Z]{3}$/.test(currency)) return 2;
  const known =
    digits.get(currency) ??
    new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ??
    2;
  digits.set(currency, known);
  return known;
}
