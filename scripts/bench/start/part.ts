import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { single, spread } from "../measure.ts";
import type { Options } from "../options.ts";
import type { Aim, PartResult, Row } from "../result.ts";
import { type Command, type Run, runToEnd, runToText } from "./process.ts";

const ASKED = "What stage is Acme GmbH in, and what should I do next?";
const WELCOME = "/help shows more"; // the last line before the prompt
const PROMPT_AIMS = { first: { p50Below: 12_000 }, later: { p50Below: 3_000 } };

/** From the command line to the first answer and to the prompt, on an empty folder and on one that is there. */
export async function measureStarts(options: Options, tell: (words: string) => void): Promise<PartResult> {
  const [asks, starts] = [
    mkdtempSync(join(tmpdir(), "perennial-bench-")),
    mkdtempSync(join(tmpdir(), "perennial-bench-")),
  ];
  try {
    const ask = await several(
      "ask, to the answer",
      options.starts,
      () => runToEnd(command(asks, ["ask", "--json", ASKED])),
      tell,
    );
    for (const { output } of ask)
      if (!output.includes("Acme GmbH"))
        throw new Error(`the answer says nothing of Acme GmbH: ${output.slice(0, 300)}`);
    const prompt = await several(
      "start, to the prompt",
      options.starts,
      () => runToText(command(starts, ["start"]), WELCOME),
      tell,
    );
    return {
      rows: [...rows("ask, to the answer", ask, {}), ...rows("start, to the prompt", prompt, PROMPT_AIMS)],
      notes: [
        "The embedded database, offline, whatever BENCH_DATABASE_URL says. First: an empty data folder, so the database and the sample company are made. Later: the same folder again.",
        ...(prompt.length === 0
          ? ["The time to the prompt needs the command `script` of util-linux and was left out."]
          : []),
      ],
    };
  } finally {
    for (const folder of [asks, starts]) rmSync(folder, { recursive: true, force: true });
  }
}

const command = (folder: string, args: string[]): Command => ({
  args,
  environment: { PERENNIAL_DATA: folder, PERENNIAL_TODAY: "2026-11-22", NO_COLOR: "1" },
});

/** The first run, and so many more. Empty where it cannot be run here. */
async function several(
  what: string,
  later: number,
  run: () => Promise<Run | null>,
  tell: (words: string) => void,
): Promise<Run[]> {
  const runs: Run[] = [];
  for (let at = 0; at <= later; at++) {
    const done = await run();
    if (!done) return [];
    tell(`${what}: ${(done.ms / 1000).toFixed(2)} s${done.peakMb ? `, ${Math.round(done.peakMb)} MB` : ""}`);
    runs.push(done);
  }
  return runs;
}

function rows(what: string, [first, ...later]: Run[], aims: { first?: Aim; later?: Aim }): Row[] {
  if (!first) return [];
  const row = (when: string, unit: Row["unit"], ours: Row["ours"], aim: Aim | undefined): Row => ({
    part: "start",
    what: `${what}, ${when}`,
    unit,
    ours,
    against: null,
    aim: aim ?? null,
  });
  const peaks = later.map((each) => each.peakMb).filter((each) => each !== null);
  return [
    row("first", "ms", single(first.ms), aims.first),
    row("later", "ms", spread(later.map((each) => each.ms)), aims.later),
    ...(first.peakMb ? [row("first, peak memory", "MB", single(first.peakMb), undefined)] : []),
    ...(peaks.length > 0 ? [row("later, peak memory", "MB", spread(peaks), undefined)] : []),
  ];
}
