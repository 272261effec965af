import type { Finding } from "#agent/answer.ts";
import { NOT_BEFORE_STRANGERS } from "#agent/run-tool.ts";
import { AskAgain } from "#errors.ts";
import { addDays } from "#lifecycle/days.ts";
import type { Picture } from "#reports/charts/picture.ts";
import { churnCsv, withAllMovements } from "#reports/churn-csv.ts";
import type { ChurnReport } from "#reports/churn-report.ts";
import { intervalOf } from "#reports/titles.ts";
import type { ToolCall } from "#threads/focus.ts";
import { churnReportTool } from "#tools/churn-report.ts";
import { type LifecycleMapFinding, lifecycleMapTool } from "#tools/lifecycle-map.ts";
import { counted } from "#tools/words.ts";
import type { Asker } from "../job.ts";
import { cut, daysIn, lineIn } from "../views/index.ts";
import { TOO_LONG_AGO, turnFor } from "./choosing.ts";
import { forTheirEyes, runAll } from "./lookup.ts";
import { type Press, presser, sayToPresser } from "./press.ts";

const LONGEST_ALT = 1_000; // what Slack keeps of a picture's words

/** A file to share. */
interface Made {
  name: string;
  title: string;
  content: string | Uint8Array;
  text: string;
  alt?: string;
}

/** Every movement of a report as a CSV file where the report stands, made anew with the presser's rights. */
export async function sendReportCsv(press: Press): Promise<void> {
  const { found, asker } = await foundAgain(press, [churnReportTool.name]);
  const told = found.output as ChurnReport; // what this tool returns
  const report = await press.job.house.database.read(asker.actor, (rows) => withAllMovements(rows, told));
  const { start } = report.asked.window;
  await share(press, [
    {
      name: `churn-${start}.csv`,
      title: `Churn, ${report.title}`,
      content: churnCsv(report, { forChannel: asker.actor.audience !== "private" }),
      text: `${counted(report.movements.length, "movement")} of ${lineIn(report.title)}, ${lineIn(report.filterWords)}.`,
    },
  ]);
}

/** A report, or the lifecycle map, as pictures for places without charts. */
export async function sendPictures(press: Press): Promise<void> {
  const { found } = await foundAgain(press, [churnReportTool.name, lifecycleMapTool.name]);
  await share(press, await picturesOf(found));
}

/** Drawing takes a library that most processes never need, so it is read when it is. */
async function picturesOf({ tool, output }: Finding): Promise<Made[]> {
  const { renderPng, renderSvg } = await import("#reports/charts/render.ts");
  const drawn = async (name: string, picture: Picture): Promise<Made> => ({
    name: `${name}.png`,
    title: picture.title,
    content: renderPng(await renderSvg(picture)),
    text: lineIn(picture.title),
    alt: cut(picture.alt, LONGEST_ALT),
  });
  if (tool === lifecycleMapTool.name) {
    const { mapPictureOf } = await import("#reports/charts/stage-map.ts");
    const map = output as LifecycleMapFinding; // what this tool returns
    return [
      await drawn(
        `lifecycle-map-${map.scope.window?.start ?? "all"}`,
        mapPictureOf({ ...map, title: daysIn(map.asked.title) }),
      ),
    ];
  }
  const [{ waterfallOf }, { trendOf }] = await Promise.all([
    import("#reports/charts/waterfall.ts"),
    import("#reports/charts/trend.ts"),
  ]);
  const report = output as ChurnReport; // what this tool returns
  const { start } = report.asked.window;
  const trend = trendOf(report);
  return [
    await drawn(`mrr-${start}`, waterfallOf(report)),
    ...(trend ? [await drawn(`mrr-trend-${start}`, trend)] : []),
  ];
}

async function share(press: Press, files: readonly Made[]): Promise<void> {
  const { job, thread, userId } = press;
  const to = thread ?? { channel: await job.post.directMessage(userId) };
  for (const [at, file] of files.entries()) await job.post.file(`file-${at + 1}`, to, file);
  if (!thread)
    await sayToPresser(
      press,
      `${files.length === 1 ? "The file is" : "The files are"} in your direct messages with me.`,
      "sent",
    );
}

/** What the button's turn had found, looked up anew. Throws AskAgain where that can no longer be. */
async function foundAgain(press: Press, tools: readonly string[]): Promise<{ found: Finding; asker: Asker }> {
  const { job, value, thread } = press;
  const asker = thread ? await presser(press) : forTheirEyes(await presser(press));
  if (asker.actor.audience === "external") throw new AskAgain(NOT_BEFORE_STRANGERS);
  const turn = value?.turn === undefined ? null : await turnFor(job, asker, value.turn);
  const call = turn?.calls.findLast(({ tool }) => tools.includes(tool));
  if (!call) throw new AskAgain(TOO_LONG_AGO);
  for (const again of onTheSameDays(call, value)) {
    const [found] = await runAll(job, asker, [again]);
    if (!found || isNoFinding(found)) throw new AskAgain(found?.words ?? TOO_LONG_AGO);
    if (call.tool !== churnReportTool.name || isOf(found, value)) return { found, asker };
  }
  throw new AskAgain(TOO_LONG_AGO);
}

const isOf = ({ output }: Finding, value: Press["value"]): boolean => {
  const { window } = (output as ChurnReport).asked; // what this tool returns
  return window.start === value?.from && window.end === value?.to;
};

const isNoFinding = ({ isError, output }: Finding): boolean =>
  isError || (typeof output === "object" && output !== null && "kind" in output);

/**
 * “Last week” is another one by now, so the button says which days it was. A week is named first, for its title and trend;
 * where weeks begin on another day that is another week, and the days themselves are asked for.
 */
function onTheSameDays(call: ToolCall, value: Press["value"]): ToolCall[] {
  const { from, to } = value ?? {};
  if (!from || !to || typeof call.input !== "object" || call.input === null) return [call];
  const input = call.input;
  const named = nameOf(from, to);
  return [...(named ? [named] : []), `${from} to ${addDays(to, -1)}`].map((window) => ({
    ...call,
    input: { ...input, window },
  }));
}

/** A whole month or quarter by its name, seven days as a week; null for other days. */
function nameOf(from: string, to: string): string | null {
  const interval = intervalOf({ start: from, end: to });
  if (interval === "month") return from.slice(0, 7);
  if (interval === "quarter") return `Q${Math.ceil(Number(from.slice(5, 7)) / 3)} ${from.slice(0, 4)}`;
  return interval === "week" ? `week of ${from}` : null;
}
