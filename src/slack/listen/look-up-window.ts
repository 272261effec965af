import { lookUpModal } from "../views/index.ts";
import { type Press, presser, showWindow } from "./press.ts";

/** Opens the window where an account is looked up as its name is typed. */
export async function openLookUp(press: Press): Promise<void> {
  await presser(press);
  await showWindow(press, lookUpModal());
}
