import { z } from "zod";

/** Everything that can be pressed, chosen or submitted. Views name these, listeners answer them; nothing else is a contract between the two. */
export const ACTIONS = {
  whyThisStage: "why_this_stage",
  timeline: "account_timeline",
  nextSteps: "next_steps",
  playbook: "open_playbook",
  overview: "account_overview",
  /** One of several accounts that were meant; goes on with the question that was asked. */
  chooseAccount: "choose_account",
  showPrivately: "show_privately",
  portfolioCsv: "portfolio_csv",
  feedback: "feedback",
  /** Whether a passage helped, in the window that shows it. */
  passageFeedback: "passage_feedback",
  askAgain: "ask_again",
  /** App Home */
  homeAsk: "home_ask",
  homeLookUp: "home_look_up",
  settings: "open_settings",
  /** Type-ahead over accounts, in modals. */
  accountPick: "account_pick",
  /** Reports that come by themselves. */
  scheduleNew: "schedule_new",
  scheduleEdit: "schedule_edit",
  schedulePause: "schedule_pause",
  scheduleResume: "schedule_resume",
  scheduleDelete: "schedule_delete",
  scheduleRun: "schedule_run",
  alertsNew: "alerts_new",
  alertSnooze: "alert_snooze",
  alertNotUseful: "alert_not_useful",
  /** Files of a churn report. */
  reportCsv: "report_csv",
  reportPicture: "report_picture",
} as const;

/** Modals and shortcuts. */
export const CALLBACKS = {
  lookUp: "look_up_account",
  whatToDo: "what_should_i_do",
  feedbackReason: "feedback_reason",
  settings: "settings",
  schedule: "schedule",
} as const;

/** Buttons that repeat carry `action_id` as `choose_account:3`; the part before the colon is the action. */
export const actionOf = (actionId: string): string => actionId.split(":", 1)[0]!;

/** Names a button of several with one action. */
export const numbered = (action: string, at: number): string => `${action}:${at}`;

/** What a button carries in its `value` (JSON, at most 2,000 characters). Never words of a person or a customer. */
export const pressed = z.object({
  /** account_id */
  account: z.number().int().optional(),
  /** Which turn of the thread, for feedback, CSV and "show me privately". */
  turn: z.number().int().optional(),
  /** A playbook section: "retention/renewal-90-days#steps". */
  passage: z.string().max(300).optional(),
  feedback: z.enum(["good", "bad"]).optional(),
  /** schedule_id */
  schedule: z.number().int().optional(),
  /** alert_id */
  alert: z.number().int().optional(),
  /** A report's window, from its first day up to, not including, its last. */
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
});
export type Pressed = z.infer<typeof pressed>;

/** The `value` of a button. */
export const buttonValue = (value: Pressed): string => JSON.stringify(value);

/** Reads a button's `value`; null when it is not ours. */
export function readValue(value: string | undefined): Pressed | null {
  if (value === undefined) return null;
  try {
    const read = pressed.safeParse(JSON.parse(value));
    return read.success ? read.data : null;
  } catch (notJson) {
    if (notJson instanceof SyntaxError) return null;
    throw notJson;
  }
}
