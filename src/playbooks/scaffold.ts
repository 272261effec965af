import { stringify } from "yaml";
import { BadInput } from "#errors.ts";
import { addDays } from "#lifecycle/days.ts";
import { PLAYBOOK_STAGES } from "./playbook.ts";

/** What a new playbook begins with. */
export interface Scaffold {
  id: string;
  title?: string;
  stage: string;
  /** What colleagues asked, where it is made of gaps. */
  triggers?: string[];
  today: string;
}

const REVIEWED_AFTER_DAYS = 365;
const MOST_TRIGGERS = 20;

/**
 * A playbook to be filled in, where it belongs below the folder, and its text. It is a draft: `check` reads it, and it is
 * not found until the line `draft: true` is taken out. Throws BadInput for an unknown stage or an id that is no file name.
 */
export function scaffold({ id, title = titleOf(id), stage, triggers = [], today }: Scaffold): {
  path: string;
  text: string;
} {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id)) {
    throw new BadInput(`“${id}” cannot be an id. Write it in kebab-case, like renewal-60-days-silent.`);
  }
  if (!PLAYBOOK_STAGES.some((each) => each === stage)) {
    throw new BadInput(`There is no playbook stage “${stage}”. There are: ${PLAYBOOK_STAGES.join(", ")}.`);
  }
  const said = triggers.length > 0 ? triggers.slice(0, MOST_TRIGGERS) : [title.toLowerCase()];
  const front = {
    id,
    title,
    stages: [stage],
    situations: [],
    personas: ["account_manager"],
    triggers: said,
    moves: [],
    effort: { level: "medium", minutes: 60 },
    owner_role: "account_manager",
    due_in_days: 3,
    review_by: addDays(today, REVIEWED_AFTER_DAYS),
    success: "What is different afterwards, and by which day",
    draft: true,
  };
  return { path: `${stage}/${id}.md`, text: `---\n${stringify(front, { lineWidth: 0 })}---\n# ${title}\n${BODY}` };
}

const titleOf = (id: string): string => `${id.charAt(0).toUpperCase()}${id.slice(1).replaceAll("-", " ")}`;

const BODY = `Why it matters, in one paragraph.

## When to use it
What you see that tells you.

## When not to use it
- The case that looks like it, and which playbook is for that one.

## Steps
1. **Day 0.** Who does what.

## Words to use
### Mail
> Hello {first_name}, …

### Call
> …

## What to watch
- What shows that it works, and what to do when it does not.
`;
