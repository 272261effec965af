import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { OptionsAnswer, PressedAction, ViewState } from "../../page-api/types.ts";
import { type Names, namesOf } from "../text/names.ts";
import type { Value } from "./forms.ts";
import type { Page } from "./page.ts";
import type { Confirm } from "./shapes.ts";

/** How to name people and channels. */
export const NamesContext = createContext<Names>(namesOf(null));
export const useNames = (): Names => useContext(NamesContext);

export const PageContext = createContext<Page | null>(null);

/** The page that a part stands on. */
export function usePage(): Page {
  const page = useContext(PageContext);
  if (page === null) throw new Error("This part stands on no page.");
  return page;
}

/** A message, a modal or the Home tab, as its blocks need it. */
export interface Surface {
  values: ViewState;
  /** block_id → sentence. */
  errors: Record<string, string>;
  /** `block_id/action_id` of what was pressed and is not acknowledged yet. */
  busy: string | null;
  /** What nobody can press: the person is deactivated, or a modal is being sent. */
  disabled: boolean;
  put(blockId: string, actionId: string, value: Value): void;
  /** Tells the bot. */
  act(action: PressedAction, confirm: Confirm | undefined): void;
  options(blockId: string, actionId: string, typed: string): Promise<OptionsAnswer>;
  /** People, channels: what the selects of Slack's own things offer. */
  choices(kind: "users" | "channels" | "conversations"): { id: string; name: string }[];
}

const nowhere: Surface = {
  values: {},
  errors: {},
  busy: null,
  disabled: true,
  put: () => undefined,
  act: () => undefined,
  options: async () => ({ ok: true, options: [], option_groups: [] }),
  choices: () => [],
};

export const SurfaceContext = createContext<Surface>(nowhere);
export const useSurface = (): Surface => useContext(SurfaceContext);
