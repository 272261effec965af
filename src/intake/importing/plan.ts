import { hash } from "node:crypto";
import { open, readdir, stat } from "node:fs/promises";
import { join, matchesGlob } from "node:path";
import { BadInput } from "#errors.ts";
import { type CsvFile, openCsv } from "../csv.ts";
import { type Compiled, compile } from "../mapping/compile.ts";
import type { FileSpec } from "../mapping/schema.ts";
import type { Mapping } from "../mapping.ts";
import { type RecordKind, WRITING_ORDER } from "../records.ts";

/** One file read as one kind of record. */
export interface Step {
  step: number;
  /** Name inside the folder. */
  file: string;
  kind: RecordKind;
  source: string;
  /** ISO moment at which the file was written: its data is not newer. */
  writtenAt: string;
  /** Changes when the file does. */
  fingerprint: string;
  csv: CsvFile;
  compiled: Compiled;
}

export interface Plan {
  steps: Step[];
  /** Optional files of the mapping that are not in the folder. */
  missing: string[];
}

/**
 * What is to be read, in the order in which it can be written. Every file is opened and fitted to the mapping before the
 * first row is written. Throws BadInput that names the folder, file or column that is missing, and the cure.
 */
export async function planImport(folder: string, mapping: Mapping): Promise<Plan> {
  const names = await filesIn(folder);
  const found = mapping.files.map((spec) => ({
    spec,
    files: names.filter((name) => matchesGlob(name.toLowerCase(), spec.file.toLowerCase())).sort(),
  }));
  const missing = found.filter((each) => each.files.length === 0);
  refuseMissing(
    folder,
    names,
    missing.map((each) => each.spec),
    found.length === missing.length,
    mapping,
  );
  const pairs = found.flatMap(({ spec, files }) => files.map((file) => ({ spec, file })));
  const ordered = pairs.toSorted(
    (one, other) => WRITING_ORDER.indexOf(one.spec.kind) - WRITING_ORDER.indexOf(other.spec.kind),
  );
  const steps: Step[] = [];
  for (const { spec, file } of ordered)
    steps.push(await planStep(steps.length, join(folder, file), file, spec, mapping));
  return { steps, missing: missing.map((each) => each.spec.file) };
}

async function filesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder, { withFileTypes: true }))
      .filter((each) => !each.isDirectory() && !each.name.startsWith("."))
      .map((each) => each.name);
  } catch (cause) {
    throw new BadInput(`The folder ${folder} cannot be read. Name the folder that holds the CSV files.`, { cause });
  }
}

function refuseMissing(folder: string, names: string[], missing: FileSpec[], none: boolean, mapping: Mapping): void {
  const lacking = (none ? missing : missing.filter((each) => !each.optional)).map((each) => each.file);
  if (lacking.length === 0) return;
  const there = names.length > 0 ? `It holds ${names.slice(0, 20).join(", ")}.` : "It is empty.";
  throw new BadInput(
    `${folder} lacks ${lacking.join(", ")}, which ${mapping.file} wants. ${there} Rename the files, change the mapping, or say \`optional: true\` there.`,
  );
}

async function planStep(step: number, path: string, file: string, spec: FileSpec, mapping: Mapping): Promise<Step> {
  const opened = await openCsv(path, {
    ...(spec.encoding ? { encoding: spec.encoding } : {}),
    ...(spec.delimiter ? { delimiter: spec.delimiter } : {}),
  });
  const { mtime } = await stat(path);
  const { csv, compiled } = fitted(opened, (heading) => compile(mapping, spec, heading, file));
  const writtenAt = new Date(Math.min(mtime.getTime(), Date.now())).toISOString();
  return {
    step,
    file,
    kind: spec.kind,
    source: spec.source ?? mapping.source,
    writtenAt,
    fingerprint: await fingerprintOf(path),
    csv,
    compiled,
  };
}

/** The file by the heading that the mapping fits: its first line, else the next one that does. */
function fitted(
  opened: CsvFile,
  compiledFor: (heading: readonly string[]) => Compiled,
): { csv: CsvFile; compiled: Compiled } {
  try {
    return { csv: opened, compiled: compiledFor(opened.heading) };
  } catch (misfit) {
    if (!(misfit instanceof BadInput)) throw misfit;
    for (const csv of opened.below()) {
      try {
        return { csv, compiled: compiledFor(csv.heading) };
      } catch (error) {
        if (!(error instanceof BadInput)) throw error;
      }
    }
    throw misfit; // what is wrong with the first line is what a person can put right
  }
}

const SAMPLED = 65_536;

/** From size, time and both ends of the file: reading a gigabyte to know it again would take as long as a good part of its import. */
async function fingerprintOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { size, mtimeMs } = await file.stat();
    const head = await file.read(Buffer.alloc(SAMPLED), 0, SAMPLED, 0);
    const tail = await file.read(Buffer.alloc(SAMPLED), 0, SAMPLED, Math.max(0, size - SAMPLED));
    return hash("sha1", Buffer.concat([Buffer.from(`${size} ${mtimeMs} `), head.buffer, tail.buffer]), "base64url");
  } finally {
    await file.close();
  }
}
