import type { App } from "@slack/bolt";
import { registerCommands } from "./commands.ts";
import { registerContext } from "./context.ts";
import { registerHome } from "./home.ts";
import { type Hooks, registerComings } from "./joined.ts";
import { registerPresses } from "./presses.ts";
import { registerQuestions } from "./questions.ts";
import { registerScheduleSlots } from "./schedule-slots.ts";
import { registerScheduleWindow } from "./schedule-window.ts";
import { registerSession } from "./session.ts";
import { registerShortcuts } from "./shortcuts.ts";
import { registerUnfurls } from "./unfurls.ts";

export { jobOf } from "./job-of.ts";
export type { Hooks } from "./joined.ts";

/** Everything that people do in Slack and that Slack tells, and who answers it. */
export function registerListeners(app: App, hooks: Hooks = {}): void {
  registerQuestions(app);
  registerSession(app);
  registerContext(app);
  registerComings(app, hooks);
  registerCommands(app);
  registerPresses(app);
  registerShortcuts(app, hooks.crmLinks);
  registerHome(app);
  registerUnfurls(app, hooks.crmLinks ?? []);
  registerScheduleSlots(app);
  registerScheduleWindow(app);
}
