import type { Playbook } from "#playbooks/playbook.ts";

interface Document {
  id: string;
  title: string;
  text: string;
  stages: string[];
  triggers: string[];
}

/** A document of any corpus as a playbook with one passage, so that it is indexed and searched like one. */
export function playbookOf({ id, title, text, stages, triggers }: Document): Playbook {
  return {
    id,
    title,
    stages,
    situations: [],
    personas: [],
    triggers,
    when: null,
    moves: [],
    effort: { level: "low", minutes: 1 },
    ownerRole: "nobody",
    dueInDays: 0,
    reviewBy: "2100-01-01", // never due: it is nobody's playbook
    success: "",
    file: id,
    hash: id,
    passages: [{ section: title, path: [], anchor: "", text, hash: id }],
  };
}

/** The same playbooks as if nobody had written triggers. */
export const withoutTriggers = (playbooks: Playbook[]): Playbook[] =>
  playbooks.map((each) => ({ ...each, triggers: [] }));
