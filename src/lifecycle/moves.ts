import { z } from "zod";
import { readBySchema, readYaml } from "./yaml-places.ts";

export const MOVE_KINDS = ["content", "conversation", "offer", "service", "growth", "advocacy", "care"] as const;
export const MOVE_CHANNELS = ["any", "public", "mail", "meeting"] as const;
export type MoveKind = (typeof MOVE_KINDS)[number];

/** Something that a company can do for or with a customer. */
export interface Move {
  id: string;
  title: string;
  kind: MoveKind;
  channel: (typeof MOVE_CHANNELS)[number];
}

export type Moves = ReadonlyMap<string, Move>;

const movesSchema = z.strictObject({
  moves: z.record(
    z.string().regex(/^[a-z][a-z0-9_]*$/, "a move's id is written in snake_case"),
    z.strictObject({ title: z.string().min(1), kind: z.enum(MOVE_KINDS), channel: z.enum(MOVE_CHANNELS) }),
  ),
});

/** Reads the catalogue of moves. Throws BadInput with file, line and place. */
export function parseMoves(yamlText: string, fileName = "knowledge/moves.yaml"): Moves {
  const { moves } = readBySchema(readYaml(yamlText, fileName), movesSchema);
  return new Map(Object.entries(moves).map(([id, move]) => [id, { id, ...move }]));
}
