import type { ChurnReport } from "../churn-report.ts";

type Line = ChurnReport["rollForward"]["lines"][number];

/** From the MRR at the start to the MRR at the end, a step a line; amounts signed, in minor units. */
export interface Step {
  label: string;
  /** null: not counted in customers. */
  customers: number | null;
  /** Of a movement its change; of the start and the end the level itself. */
  amountMinor: number;
  fromMinor: number;
  toMinor: number;
  kind: "level" | "up" | "down" | "rates";
}

const ORDER: readonly Line["kind"][] = [
  "new",
  "reactivation",
  "expansion",
  "contraction",
  "churn",
  "flash",
  "exchange",
];
const LABELS: Record<Line["kind"], string> = {
  new: "New",
  reactivation: "Reactivation",
  expansion: "Expansion",
  contraction: "Contraction",
  churn: "Churn",
  flash: "Came and went",
  exchange: "Exchange rates",
};
const ALWAYS: readonly Line["kind"][] = ["new", "expansion", "contraction", "churn"]; // so that two weeks look alike

/** The roll-forward as steps, each beginning where the one before ended. */
export function stepsOf({ rollForward }: Pick<ChurnReport, "rollForward">): Step[] {
  const { startMinor, startCustomers, endMinor, endCustomers, lines } = rollForward;
  const level = (label: string, amountMinor: number, customers: number): Step => ({
    label,
    customers,
    amountMinor,
    fromMinor: 0,
    toMinor: amountMinor,
    kind: "level",
  });
  let at = startMinor;
  const moves = ORDER.flatMap((kind): Step[] => {
    const line = lines.find((each) => each.kind === kind) ?? { kind, amountMinor: 0, customers: 0 };
    if (line.amountMinor === 0 && !ALWAYS.includes(kind)) return [];
    const fromMinor = at;
    at += line.amountMinor;
    const way = line.amountMinor < 0 || kind === "contraction" || kind === "churn" ? "down" : "up";
    return [
      {
        label: LABELS[kind],
        customers: kind === "exchange" ? null : line.customers,
        amountMinor: line.amountMinor,
        fromMinor,
        toMinor: at,
        kind: kind === "exchange" ? "rates" : way,
      },
    ];
  });
  return [level("Start", startMinor, startCustomers), ...moves, level("End", endMinor, endCustomers)];
}
