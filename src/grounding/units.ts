/** A piece of an answer that is kept or dropped as a whole: a sentence, a table row, a heading. */
export interface Unit {
  text: string;
  /** What stands before it and is not read for figures: indentation, list marker, quote sign. */
  lead: string;
  /** Line of the answer that it belongs to. */
  line: number;
  kind: "sentence" | "row" | "frame" | "blank";
}

const LEAD = /^(\s*(?:>\s*)*(?:#{1,6}\s+|[-*+•]\s+(?:\[[ xX]\]\s+)?)?)(.*)$/s;
const NUMBERED = /^(\d{1,2})([.)]\s+)(.*)$/s;
const FRAME = /^\s*(?:`{3,}.*|~{3,}.*|[-*_]{3,}|\|?[\s:|-]*-[\s:|-]*\|?|<br>)\s*$/;
const ABBREVIATION =
  /(?:\b(?:Inc|Ltd|Corp|Co|GmbH|e\.g|i\.e|approx|ca|vs|No|St|Dr|Mr|Mrs|Ms|Jr|Sr|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|incl|excl|resp|etc|[A-Z])\.)\s*$/;
const GERMAN_DAY = /\b\d{1,2}\.\s+$/;
const MONTH = /^(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)/;
const sentences = new Intl.Segmenter("en", { granularity: "sentence" });

/** An answer cut into units; joined again they are the answer. */
export function cutIntoUnits(answer: string): Unit[] {
  let counted = 0;
  return answer.split("\n").flatMap((raw, line): Unit[] => {
    if (raw.trim() === "") return [{ text: raw, lead: "", line, kind: "blank" }];
    if (FRAME.test(raw)) return [{ text: raw, lead: "", line, kind: "frame" }];
    if (/^\s*\|.*\|/.test(raw)) return [{ text: raw, lead: "", line, kind: "row" }];
    let [, lead = "", rest = ""] = LEAD.exec(raw) ?? [];
    const numbered = NUMBERED.exec(rest);
    // Only 1., 2., 3. in order are markers; "500. " at the start of a line is a figure.
    if (numbered && (Number(numbered[1]) === counted + 1 || numbered[1] === "1")) {
      counted = Number(numbered[1]);
      lead += numbered[1]! + numbered[2]!;
      rest = numbered[3]!;
    }
    return sentencesOf(rest).map((text) => ({ text, lead, line, kind: "sentence" }));
  });
}

function sentencesOf(text: string): string[] {
  const whole: string[] = [];
  for (const { segment } of sentences.segment(text)) {
    const last = whole.at(-1);
    if (
      last !== undefined &&
      (ABBREVIATION.test(last) || !/\s$/.test(last) || (GERMAN_DAY.test(last) && MONTH.test(segment)))
    )
      whole[whole.length - 1] = last + segment;
    else whole.push(segment);
  }
  return whole.length > 0 ? whole : [text];
}
