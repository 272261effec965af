import type { App } from "@slack/bolt";
import { AskAgain } from "#errors.ts";
import { ACTIONS } from "../actions.ts";
import { accountPress, pickAccount } from "./account-presses.ts";
import { askAgain, askFromHome } from "./again.ts";
import { chooseAccount } from "./choosing.ts";
import { sendCsv } from "./csv.ts";
import { registerReason, vote } from "./feedback.ts";
import { jobOf } from "./job-of.ts";
import { openLookUp } from "./look-up-window.ts";
import { judgePassage, openPlaybook } from "./playbook-window.ts";
import { isRepeated, type Press, pressOf } from "./press.ts";
import { showPrivately } from "./privately.ts";
import { sendPictures, sendReportCsv } from "./report-files.ts";
import { alertPress } from "./schedule-alerts.ts";
import { openSchedulePress, schedulePress } from "./schedule-presses.ts";
import { openSettings, registerSettings } from "./settings.ts";

interface Answering {
  answer(press: Press): Promise<void>;
  /** Done twice in a moment it would be said twice. */
  once?: true;
}

const PRESSES: Record<string, Answering> = {
  [ACTIONS.whyThisStage]: { answer: accountPress, once: true },
  [ACTIONS.timeline]: { answer: accountPress, once: true },
  [ACTIONS.nextSteps]: { answer: accountPress, once: true },
  [ACTIONS.overview]: { answer: accountPress, once: true },
  [ACTIONS.playbook]: { answer: openPlaybook },
  [ACTIONS.chooseAccount]: { answer: chooseAccount },
  [ACTIONS.showPrivately]: { answer: showPrivately, once: true },
  [ACTIONS.portfolioCsv]: { answer: sendCsv, once: true },
  [ACTIONS.reportCsv]: { answer: sendReportCsv, once: true },
  [ACTIONS.reportPicture]: { answer: sendPictures, once: true },
  [ACTIONS.feedback]: { answer: vote },
  [ACTIONS.passageFeedback]: { answer: judgePassage },
  [ACTIONS.askAgain]: { answer: askAgain, once: true },
  [ACTIONS.homeAsk]: { answer: askFromHome, once: true },
  [ACTIONS.homeLookUp]: { answer: openLookUp },
  [ACTIONS.settings]: { answer: openSettings },
  [ACTIONS.accountPick]: { answer: pickAccount },
  [ACTIONS.scheduleNew]: { answer: openSchedulePress },
  [ACTIONS.scheduleEdit]: { answer: openSchedulePress },
  [ACTIONS.alertsNew]: { answer: openSchedulePress },
  [ACTIONS.schedulePause]: { answer: schedulePress },
  [ACTIONS.scheduleResume]: { answer: schedulePress },
  [ACTIONS.scheduleDelete]: { answer: schedulePress },
  [ACTIONS.scheduleRun]: { answer: schedulePress, once: true },
  [ACTIONS.alertSnooze]: { answer: alertPress },
  [ACTIONS.alertNotUseful]: { answer: alertPress },
};

/** Every button and menu, and the windows behind them: the reason of a thumb, the settings. */
export function registerPresses(app: App): void {
  app.action(/^/, async ({ body, context }) => {
    const job = jobOf(context);
    const press = pressOf(job, body);
    const known = press && Object.hasOwn(PRESSES, press.action) ? PRESSES[press.action] : undefined;
    if (!press || !known || !press.value) {
      job.house.log.warn({ action: press?.action ?? null }, "a press that is not ours was refused");
      throw new AskAgain("I do not know that button any more. Please ask again.");
    }
    if (known.once && (await isRepeated(press))) return;
    await known.answer(press);
  });
  registerReason(app);
  registerSettings(app);
}
