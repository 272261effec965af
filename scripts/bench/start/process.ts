import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const launcher = fileURLToPath(new URL("../../../bin/perennial.js", import.meta.url));
const WATCH_MS = 20;
const GIVE_UP_MS = 120_000;

/** What a run of the program took. `peakMb` is null where the system does not tell it. */
export interface Run {
  ms: number;
  peakMb: number | null;
  output: string;
}

export interface Command {
  args: string[];
  environment: Record<string, string>;
}

/** Runs a command to its end. */
export async function runToEnd(command: Command): Promise<Run> {
  const begun = performance.now();
  const child = start(process.execPath, [launcher, ...command.args], command.environment);
  const watched = watch(child, () => false);
  const code = await ended(child);
  const run = { ms: performance.now() - begun, ...watched() };
  if (code !== 0) throw new Error(`perennial ${command.args.join(" ")} ended with ${code}: ${run.output.slice(-500)}`);
  return run;
}

/**
 * Runs a command on a terminal of its own until it has shown the text, then leaves with Ctrl-D. Null where there is no
 * `script` command (of util-linux) that makes such a terminal.
 */
export async function runToText(command: Command, text: string): Promise<Run | null> {
  if (process.platform !== "linux") return null;
  const begun = performance.now();
  const line = [process.execPath, launcher, ...command.args].map((each) => `'${each}'`).join(" ");
  const child = start("script", ["--quiet", "--return", "--command", `exec ${line}`, "/dev/null"], {
    ...command.environment,
    TERM: "xterm",
  });
  let ms = 0;
  const watched = watch(child, (output) => {
    if (ms > 0 || !output.includes(text)) return false;
    ms = performance.now() - begun;
    setTimeout(() => child.stdin?.write("\u0004"), 1_500); // what loads behind the prompt counts as memory
    return true;
  });
  const gone = await ended(child).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "none";
    throw error;
  });
  if (gone === "none") return null;
  const run = watched();
  if (ms === 0)
    throw new Error(`perennial ${command.args.join(" ")} never showed “${text}”: ${run.output.slice(-500)}`);
  return { ms, ...run };
}

function start(program: string, args: string[], environment: Record<string, string>): ChildProcess {
  const clean = { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", ...environment };
  return spawn(program, args, { env: clean, stdio: ["pipe", "pipe", "pipe"] });
}

/** Reads the output, and the memory of the process and those below it while it runs. */
function watch(
  child: ChildProcess,
  heard: (output: string) => boolean,
): () => { output: string; peakMb: number | null } {
  let output = "";
  let peak = 0;
  const hear = (piece: Buffer) => {
    output += piece.toString();
    heard(output);
  };
  child.stdout?.on("data", hear);
  child.stderr?.on("data", hear);
  const clock = setInterval(() => {
    peak = Math.max(peak, peakOf(child.pid));
  }, WATCH_MS);
  return () => {
    clearInterval(clock);
    return { output, peakMb: peak > 0 ? peak : null };
  };
}

/** The highest resident memory, in MB, of a process and its descendants, as Linux keeps it; 0 elsewhere. */
function peakOf(pid: number | undefined): number {
  if (pid === undefined) return 0;
  const kilobytes = Number(/VmHWM:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
  const below = read(`/proc/${pid}/task/${pid}/children`).split(" ").filter(Boolean).map(Number);
  return Math.max(kilobytes / 1024, ...below.map(peakOf));
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (gone) {
    if (gone instanceof Error && "code" in gone) return ""; // the process has ended, or there is no /proc
    throw gone;
  }
}

function ended(child: ChildProcess): Promise<number> {
  const late = setTimeout(() => child.kill("SIGKILL"), GIVE_UP_MS);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(late);
      resolve(code ?? 1);
    });
  });
}
