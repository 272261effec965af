const SMALL =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen";
const TENS = "twenty thirty forty fifty sixty seventy eighty ninety";
const values = new Map<string, number>([
  ...SMALL.split(" ").map((word, at): [string, number] => [word, at]),
  ...TENS.split(" ").map((word, at): [string, number] => [word, (at + 2) * 10]),
]);
const scales = new Map<string, number>([
  ["dozen", 12],
  ["hundred", 100],
  ["thousand", 1_000],
  ["million", 1_000_000],
  ["billion", 1_000_000_000],
]);

const word = `(?:${[...values.keys(), ...scales.keys()].sort((a, b) => b.length - a.length).join("|")})`;
/** A run of number words: "twenty-five", "two hundred and ten", "a dozen". */
export const NUMBER_WORDS = new RegExp(
  `\\b(?:a\\s+(?=(?:${[...scales.keys()].join("|")})\\b))?${word}(?:(?:\\s+and\\s+|[\\s-]+)${word})*\\b`,
  "gi",
);

/** The value of a run of number words. */
export function numberFromWords(run: string): number {
  let whole = 0;
  let part = 0;
  for (const each of run.toLowerCase().split(/[\s-]+/)) {
    const scale = scales.get(each);
    if (scale === undefined) part += values.get(each) ?? 0;
    else if (scale <= 100) part = (part || 1) * scale;
    else {
      whole += (part || 1) * scale;
      part = 0;
    }
  }
  return whole + part;
}

/** How exact a figure in words is: "forty" 10, "two hundred" 100, "forty-two" 1. */
export const grainOf = (value: number): number => {
  let grain = 1;
  while (value !== 0 && value % (grain * 10) === 0) grain *= 10;
  return grain;
};
