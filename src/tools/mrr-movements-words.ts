import type { MovementKind } from "#metrics/movement.ts";
import { formatChange } from "#money.ts";
import { scopeWords } from "./figure-words.ts";
import { plain, type ReasonTally } from "./leaving-reasons.ts";
import type { MovementsFinding, NamedMovement } from "./mrr-movements.ts";
import { counted, rowsLine } from "./words.ts";

const DID: Record<MovementKind, { some: (count: number) => string; nobody: string }> = {
  new: { some: (count) => counted(count, "new customer"), nobody: "No new customer" },
  reactivation: { some: (count) => `${counted(count, "customer")} came back`, nobody: "Nobody came back" },
  expansion: { some: (count) => `${counted(count, "customer")} expanded`, nobody: "Nobody expanded" },
  contraction: { some: (count) => `${counted(count, "customer")} downgraded`, nobody: "Nobody downgraded" },
  churn: { some: (count) => `${counted(count, "customer")} lost`, nobody: "No customer was lost" },
};

/** Who moved, in words: how many and how much first, then the reasons of those who left, then names. */
export function sayMovements(found: MovementsFinding): string {
  const { asked, scope, lines, movements, reason, ledgerRows } = found;
  const left = lines.filter(({ kind }) => kind === "churn").some(({ customers }) => customers > 0);
  return [
    ...lines.map((line) => headLine(line, found)),
    ...reasonHead(found),
    ...(left && reason === null ? reasonLines(found) : []),
    ...movements.map((each, at) => `${at + 1}. ${movementLine(each, found)}`),
    ...restLine(found),
    `Definition: movements per customer, netted over the window; a customer is lost on the day MRR becomes 0. Window: ${asked.title}: ${scopeWords(scope)}; ${counted(ledgerRows, "ledger row")}.`,
  ].join("\n");
}

function headLine(
  { kind, customers, amountMinor }: MovementsFinding["lines"][number],
  found: MovementsFinding,
): string {
  const { asked, scope, currency } = found;
  const when = `${asked.title}${asked.isPartial ? " so far" : ""} (${scope.filter})`;
  if (customers === 0) return `${DID[kind].nobody} in ${when}.`;
  return `**${DID[kind].some(customers)}, ${formatChange(amountMinor, currency)} MRR**, in ${when}.`;
}

/** Where a reason was asked for: how many give it; and if nobody does, which there are. */
function reasonHead({ reason, reasons, currency }: MovementsFinding): string[] {
  if (reason === null) return [];
  if (reason.customers > 0)
    return [
      `For a reason with “${reason.said}”: ${counted(reason.customers, "customer")}, ${formatChange(reason.amountMinor, currency)}.`,
    ];
  const known = reasons.flatMap(({ reason: each }) => each ?? []);
  return [
    `Nobody gave a reason with “${reason.said}”.${known.length > 0 ? ` On record: ${known.slice(0, 8).join(", ")}.` : ""}`,
  ];
}

function movementLine(each: NamedMovement, { lines, currency }: MovementsFinding): string {
  const { name, owner, kind, amountMinor, on, reason, rows } = each;
  const facts = [
    `${lines.length > 1 ? `${kind} ` : ""}${formatChange(amountMinor, currency)} on ${on}`,
    reason && `reason: ${plain(reason)}`,
    owner && `owner ${owner}`,
  ];
  return `**${name}** — ${facts.filter(Boolean).join(", ")}${rowsLine(rows)}`;
}

function restLine({ lines, movements, reason, currency }: MovementsFinding): string[] {
  const all = reason === null ? lines.reduce((sum, { customers }) => sum + customers, 0) : reason.customers;
  const whole = reason === null ? lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0) : reason.amountMinor;
  const told = movements.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const rest = all - movements.length;
  return rest > 0 ? [`and ${rest} more, together ${formatChange(whole - told, currency)}`] : [];
}

function reasonLines({ reasons, currency }: MovementsFinding): string[] {
  if (reasons.length === 0) return [];
  const involuntary = reasons.reduce((sum, each) => sum + each.involuntary, 0);
  const told = reasons.map(
    (each) => `${reasonName(each)} ${each.customers} (${formatChange(each.amountMinor, currency)})`,
  );
  return [
    `Reasons: ${told.join(", ")}.${involuntary > 0 ? ` Involuntary, after a failed payment: ${involuntary}.` : ""}`,
  ];
}

const reasonName = ({ reason }: ReasonTally): string => reason ?? "not told here";
