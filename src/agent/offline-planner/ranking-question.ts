import type { ToolCall } from "#threads/focus.ts";
import { given, pieces, sayUnread } from "./figure-asked.ts";
import { metricsIn } from "./figure-metrics.ts";
import { HOW_TO, PLAYBOOK } from "./intents.ts";
import { kindsIn, metricsOf } from "./kinds-of-movement.ts";
import type { PartState } from "./one-account.ts";
import { Words } from "./question.ts";

const PEOPLE = "(?:reps?|csms?|account managers?|owners?|colleagues?|managers?|salespeople|sellers?|people)";
const RANKED = new RegExp(
  `\\b(?:best|worst|top|strongest|weakest|most successful|better|worse) ${PEOPLE}\\b|\\brank(?:ing)? (?:of )?(?:the |our |my |all )?${PEOPLE}\\b|\\bwho (?:is|are) (?:the |our )?(?:best|worst|top)\\b(?: ${PEOPLE})?$|\\bwho (?:performs|sells|retains|churns|loses|does)\\b.*\\b(?:best|worst|most|least)\\b`,
);
const LEADER =
  /\bwho (?:is responsible for|has|owns|manages|holds|carries|leads|brings in|looks after) (?:the )?(?:most|highest|biggest|largest|least|lowest|smallest)\b.*\b(?:mrr|arr|revenue|churn\w*|nrr|grr|money|losses)\b/;
const LEADS = /\bwho leads\b/;
const JUDGES_NOBODY = "Who is best I do not judge: books differ in size and kind. These are the figures of each.";

/** "Who's our best rep?", "rank the reps by NRR", "who owns the most MRR?": figures by owner, and no verdict; else null. */
export function rankingQuestion(part: string, state: PartState): ToolCall[] | null {
  const text = part.toLowerCase().replace(/[?.! ]+$/, "");
  if (PLAYBOOK.test(text) || HOW_TO.test(text)) return null;
  if (LEADS.test(text)) {
    state.say.push("I know who owns accounts and in which team they are, not who leads a team.");
    return [];
  }
  const ranked = RANKED.test(text);
  if (!ranked && !LEADER.test(text)) return null;
  const words = new Words(part);
  const named = metricsIn(words);
  const metrics = named.length > 0 ? named : kindsIn(words.text).length > 0 ? metricsOf(kindsIn(words.text)) : [];
  const lowest = /\b(?:worst|weakest|least|lowest|smallest)\b/.test(text) && metrics.length > 0;
  const { windows, filters } = pieces(words, state);
  while (
    words.take(
      new RegExp(
        `\\b(?:${PEOPLE}|rank(?:ing)?|best|worst|strongest|weakest|responsible|leads|manages|carries|most|least|performs|successful|better|worse|churn\\w*|money|revenue|losses)\\b`,
      ),
    )
  );
  sayUnread(words, state);
  if (ranked && named.length === 0) state.say.push(JUDGES_NOBODY);
  const isAsOf = metrics.length > 0 && metrics.every((each) => ["mrr", "arr", "customers", "arpa"].includes(each));
  return [
    {
      tool: "compare_figures",
      input: {
        metrics: metrics.length > 0 ? metrics : ["nrr", "churned_mrr", "mrr"],
        windows: [windows[0] ?? (isAsOf ? "today" : "last quarter")],
        group_by: "owner",
        order: lowest ? "lowest" : "highest",
        ...given({ filters }),
      },
    },
  ];
}
