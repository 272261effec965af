import { CALLBACKS, readValue } from "../actions.ts";
import { MODAL_FIELDS } from "../views/index.ts";
import { scheduleFaults } from "./schedule-window.ts";
import { chosenIn, settingsFaults, submittedBody } from "./settings-form.ts";

/** Errors to show under the fields of a submitted window, by block; null: it may be taken. Fast and without any look-up: Slack waits. */
export function checkView(body: unknown): Record<string, string> | null {
  const read = submittedBody.safeParse(body);
  if (!read.success) return null;
  const { callback_id: callback, state } = read.data.view;
  if (callback === CALLBACKS.settings) return settingsFaults(state.values);
  if (callback === CALLBACKS.schedule) return scheduleFaults(body);
  if (callback !== CALLBACKS.lookUp) return null;
  const { account } = MODAL_FIELDS;
  const picked = readValue(chosenIn(state.values, account) ?? undefined)?.account;
  return picked === undefined ? { [account.block]: "Pick an account from the list." } : null;
}
