import { type ReissueTold, reissueWords } from "#reports/changed-reports.ts";
import type { Message } from "../message.ts";
import { daysIn } from "./days.ts";
import { context, lineSections } from "./elements.ts";
import { fitMessage } from "./limits.ts";
import { lineIn } from "./outside-text.ts";

const SHOWN = 10; // changes; the report itself tells the rest

/** A report that was given out reads otherwise now: which, and what changed. Names may be told: the report named them. */
export function reissueMessage(changed: ReissueTold): Message {
  const { title, filterWords, version, changes } = changed;
  const rest = changes.length - SHOWN;
  return fitMessage({
    text: daysIn(reissueWords(changed)),
    blocks: [
      ...lineSections([
        `*The churn report was re-issued:* ${lineIn(title)}, ${lineIn(filterWords, 300)}  ·  version ${version}`,
        ...changes.slice(0, SHOWN).map((each) => `• ${lineIn(daysIn(each), 400)}`),
        ...(rest > 0 ? [`and ${rest} more changes`] : []),
      ]),
      context(
        "Rows came in that change a window that had been reported. Ask for its churn again for the whole report.",
      ),
    ],
  });
}
