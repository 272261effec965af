import { digitsOf } from "../writing/money.ts";
import { Unfit } from "./unfit.ts";

export type DecimalSign = "," | ".";

/** A number as people write it: 1,234.56, 1.234,56, 1 234, (12.50), $(12.50), €40. Throws Unfit for what is no number. */
export function readNumber(text: string, decimal?: DecimalSign): string {
  const negative = /^[^\d(]*\(.*\)\D*$/.test(text) || /^-|-$/.test(text.replace(/^[^\d-]+/, ""));
  const bare = text.replace(/[()\s\u00a0\u202f'’+-]/g, "").replace(/^(\p{Sc}|[A-Z]{3})|(\p{Sc}|[A-Z]{3})$/gu, "");
  if (!/^[\d.,]+$/.test(bare) || !/\d/.test(bare)) throw new Unfit(`${JSON.stringify(text)} is not a number`);
  const sign = decimal ?? decimalSignOf(bare);
  const thousands = sign === "," ? "." : ",";
  const plain = bare.replaceAll(thousands, "").replace(sign, ".");
  if (!/^\d*\.?\d*$/.test(plain))
    throw new Unfit(`${JSON.stringify(text)} is not a number; say \`decimal: ","\` or \`decimal: "."\` in the mapping`);
  return `${negative ? "-" : ""}${plain}`;
}

/** The later of two different signs is the decimal one; a sign that comes twice, or a comma before three digits, parts thousands. */
function decimalSignOf(bare: string): DecimalSign {
  const [comma, dot] = [bare.lastIndexOf(","), bare.lastIndexOf(".")];
  if (comma !== -1 && dot !== -1) return comma > dot ? "," : ".";
  if (comma !== -1) return bare.indexOf(",") !== comma || /^\d{1,3},\d{3}$/.test(bare) ? "." : ",";
  return bare.indexOf(".") !== dot ? "," : ".";
}

/** A whole number; "12.0" is one, "12.5" is not. */
export function readInteger(text: string, decimal?: DecimalSign): number {
  const value = Number(readNumber(text, decimal));
  if (!Number.isSafeInteger(value)) throw new Unfit(`${JSON.stringify(text)} is not a whole number`);
  return value;
}

/** An amount in major units, as minor units of its currency. 1.234 may be two amounts, so it must be told apart. */
export function readMoney(text: string, currency: string, decimal?: DecimalSign): number {
  const plain = readNumber(text, decimal);
  const bare = text.replace(/[^\d.,]/g, "");
  if (!decimal && /^[1-9]\d{0,2}\.\d{3}$/.test(bare) && digitsOf(currency) < 3) {
    throw new Unfit(
      `${JSON.stringify(text)} may mean ${bare.replace(".", "")} or ${bare}; say \`decimal: ","\` or \`decimal: "."\` in the mapping`,
    );
  }
  // Shifting the decimal point in the text is exact; a product of floats is not.
  return Math.round(Number(`${plain}e${digitsOf(currency)}`)) || 0;
}
