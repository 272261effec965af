import type { InputBlock } from "@slack/types";
import { CONDITION_NAMES, CONDITIONS, type Condition } from "#schedules/conditions.ts";
import { LIMIT_NAMES, LIMITS, type LimitName, type Limits } from "#schedules/limits.ts";
import { option, plain } from "./elements.ts";
import { LIMITS as SLACK } from "./limits.ts";

export const CONDITIONS_FIELD = { block: "conditions", action: "alert_conditions" } as const;

/** Where the number of a limit stands in the window. */
export const limitField = (name: LimitName) => ({ block: `limit_${name}`, action: `alert_${name}` });

/** What to be alerted of, and from where on: a box for each condition, and a number for each limit. */
export const alertFields = (chosen: readonly Condition[], limits: Limits): InputBlock[] => [
  conditionsField(chosen),
  ...LIMIT_NAMES.map((name) => numberField(name, limits)),
];

function conditionsField(chosen: readonly Condition[]): InputBlock {
  const options = CONDITIONS.map((id) => option(CONDITION_NAMES[id], id));
  return {
    type: "input",
    block_id: CONDITIONS_FIELD.block,
    label: plain("Tell when", SLACK.section),
    element: {
      type: "checkboxes",
      action_id: CONDITIONS_FIELD.action,
      options,
      ...(chosen.length > 0
        ? { initial_options: options.filter(({ value }) => chosen.some((each) => each === value)) }
        : {}),
    },
  };
}

function numberField(name: LimitName, limits: Limits): InputBlock {
  const { label, least, most, usual } = LIMITS[name];
  const { block, action } = limitField(name);
  return {
    type: "input",
    block_id: block,
    optional: true,
    label: plain(label, SLACK.section),
    hint: plain(`From ${least} to ${most}; usually ${usual}.`, SLACK.section),
    element: {
      type: "number_input",
      action_id: action,
      is_decimal_allowed: false,
      min_value: String(least),
      max_value: String(most),
      initial_value: String(limits[name]),
    },
  };
}
