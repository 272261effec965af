import type { InputBlock, ModalView } from "@slack/types";
import { buttonValue, CALLBACKS } from "../actions.ts";
import type { Look } from "../message.ts";
import { type AccountFinding, accountCard } from "./account-card.ts";
import { option, plain } from "./elements.ts";
import { LIMITS } from "./limits.ts";
import { alert, MODAL_FIELDS, modal } from "./modals.ts";
import { plainLine } from "./outside-text.ts";

/** Where an account is looked up as its name is typed. `note`: what was wrong with the last try. */
export const lookUpModal = ({ note, keep }: { note?: string; keep?: string } = {}): ModalView =>
  modal({
    title: "Look up an account",
    callback: CALLBACKS.lookUp,
    submit: "Show",
    blocks: [accountField(), ...(note ? [alert(note)] : [])],
    ...(keep ? { keep } : {}),
  });

/** The same modal with the card of the account that was picked; another one can be picked. */
export const accountModal = (found: AccountFinding, look: Look, { keep }: { keep?: string } = {}): ModalView =>
  modal({
    title: "Look up an account",
    callback: CALLBACKS.lookUp,
    submit: "Show",
    blocks: [accountField(), { type: "divider" }, ...accountCard(found, look)],
    ...(keep ? { keep } : {}),
  });

function accountField(): InputBlock {
  const { block, action } = MODAL_FIELDS.account;
  return {
    type: "input",
    block_id: block,
    dispatch_action: true,
    label: plain("Account", LIMITS.section),
    hint: plain("Type a name, a former name or a domain.", LIMITS.section),
    element: {
      type: "external_select",
      action_id: action,
      min_query_length: 2,
      focus_on_load: true,
      placeholder: plain("Begin to type a name", 150),
    },
  };
}

/** One option of the type-ahead over accounts. */
export const accountOption = ({ id, label, hint }: { id: number; label: string; hint: string }) =>
  option(plainLine(label, LIMITS.option), buttonValue({ account: id }), plainLine(hint, LIMITS.option) || undefined);
