import { formatMoney } from "#money.ts";
import type { Look, Message } from "../message.ts";
import { type AccountFinding, accountCard } from "./account-card.ts";
import { dayIn } from "./days.ts";
import { fitMessage } from "./limits.ts";
import { nameIn } from "./outside-text.ts";
import { stageName } from "./stage-words.ts";

/** A link to an account of the CRM, opened out: its figures and what can be asked next. */
export function unfurlOf(found: AccountFinding, look: Look): Message {
  const { account, stage, mrr, renewsOn } = found;
  const words = [
    `*${nameIn(account.name)}*: ${stageName(stage)} since ${dayIn(stage.lapsedSince ?? stage.since)}`,
    `MRR ${formatMoney(mrr.minor, mrr.currency)}`,
    renewsOn && `renews ${dayIn(renewsOn)}`,
  ];
  return fitMessage({
    text: words.filter((each) => !!each).join(", "),
    blocks: accountCard(found, look, { compact: true }),
  });
}
