import { hash } from "node:crypto";
import type { z } from "zod";
import { didYouMean } from "#lifecycle/nearest-names.ts";
import { type Problem, readBySchema, readYaml } from "#lifecycle/yaml-places.ts";
import { type FileSpec, mappingSchema } from "./mapping/schema.ts";
import { findTarget, targetsOf } from "./mapping/targets.ts";

/** How the CSV files of one system become records. */
export type Mapping = z.output<typeof mappingSchema> & {
  /** The mapping file, for messages. */
  file: string;
  /** Changes when the mapping does. */
  hash: string;
};

/** Reads a mapping. Throws BadInput with file, line, place and cure for each thing that is wrong. */
export function parseMapping(yamlText: string, fileName: string): Mapping {
  const yaml = readYaml(yamlText, fileName);
  const mapping = readBySchema(yaml, mappingSchema);
  yaml.refuse(
    mapping.files.flatMap((file, at) =>
      problemsOf(file).map((each) => ({ ...each, path: ["files", at, ...each.path] })),
    ),
  );
  return { ...mapping, file: fileName, hash: hash("sha1", yamlText, "base64url") };
}

function problemsOf(file: FileSpec): Problem[] {
  const known = [...targetsOf(file.kind).keys()];
  const unknownTargets = (["fields", "if_present"] as const).flatMap((part) =>
    Object.keys(file[part])
      .filter((target) => !findTarget(file.kind, target))
      .map((target) => ({
        path: [part, target],
        message: `${file.kind} has no field "${target}"${didYouMean(target, known)} (${known.join(", ")})`,
      })),
  );
  const unknownWaiting = file.may_wait
    .filter((field) => !known.includes(field))
    .map((field) => ({
      path: ["may_wait"],
      message: `${file.kind} has no field "${field}"${didYouMean(field, known)}`,
    }));
  return [...unknownTargets, ...unknownWaiting];
}
