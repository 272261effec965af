import type { Customer } from "./customers.ts";
import type { Life, Span } from "./life.ts";
import type { Random } from "./random.ts";

/** An account with its life, and the dice for what the life leaves open. */
export interface Story {
  customer: Customer;
  life: Life;
  span: Span;
  random: Random;
  /** Kinds of rows in which this account carries text that tries to give orders. */
  hostile: ("note" | "ticket" | "mail")[];
}
