/** ok: works. note: works, but worth knowing. off: not set up, and not needed. broken: set up, and does not work. */
export type Health = "ok" | "note" | "off" | "broken";

/** One thing that the doctor looked at. */
export interface Check {
  area: string;
  health: Health;
  says: string;
  /** What to do about it; null when there is nothing to do. */
  cure: string | null;
}

export const ok = (area: string, says: string): Check => ({ area, health: "ok", says, cure: null });
export const note = (area: string, says: string, cure: string | null = null): Check => ({
  area,
  health: "note",
  says,
  cure,
});
export const off = (area: string, says: string, cure: string | null = null): Check => ({
  area,
  health: "off",
  says,
  cure,
});
export const broken = (area: string, says: string, cure: string | null = null): Check => ({
  area,
  health: "broken",
  says,
  cure,
});
