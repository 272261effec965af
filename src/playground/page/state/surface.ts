import { useEffect, useState } from "preact/hooks";
import type { Block, Container, PressedAction, ViewState } from "../../page-api/types.ts";
import { api } from "./api.ts";
import { type Surface, usePage } from "./context.ts";
import { valuesOf } from "./forms.ts";
import type { Confirm } from "./shapes.ts";

/** Everything that the blocks of one message, modal or Home tab share: what was put in, what is being sent. */
export function useBlocks(
  blocks: Block[],
  container: Container,
  seed: ViewState = {},
  errors: Record<string, string> = {},
): Surface {
  const page = usePage();
  const [kept, keep] = useState<ViewState>(seed);
  const [busy, setBusy] = useState<string | null>(null);
  // The ids of blocks change when a bot redraws them; what was put in stays where its element stayed.
  const values = valuesOf(blocks, kept);
  useEffect(() => setBusy(null), [blocks]);

  const act = async (action: PressedAction, confirm: Confirm | undefined) => {
    if (busy !== null || (confirm !== undefined && !(await page.confirmed(confirm)))) return;
    setBusy(`${action.block_id}/${action.action_id}`);
    await page.press(container, action, withAction(values, action));
    setBusy(null);
  };
  return {
    values,
    errors,
    busy,
    disabled: !page.world.me.canSpeak,
    put: (blockId, actionId, value) =>
      keep((before) => ({ ...before, [blockId]: { ...values[blockId], ...before[blockId], [actionId]: value } })),
    act: (action, confirm) => void act(action, confirm),
    options: (blockId, actionId, value) =>
      api.options({ as: page.as, container, block_id: blockId, action_id: actionId, value }),
    choices: (kind) => (kind === "users" ? peopleOf(page.world) : channelsOf(page.world, kind)),
  };
}

/** A choice is told at once, before the form has been drawn with it. */
function withAction(values: ViewState, { block_id, action_id, ...choice }: PressedAction): ViewState {
  if (values[block_id]?.[action_id] === undefined) return values;
  return { ...values, [block_id]: { ...values[block_id], [action_id]: { ...choice } } };
}

const peopleOf = ({ users }: { users: { id: string; realName: string }[] }) =>
  users.map(({ id, realName }) => ({ id, name: realName }));

const channelsOf = (
  { channels }: { channels: { id: string; name: string; type: string }[] },
  kind: "channels" | "conversations",
) =>
  channels
    .filter(({ type }) => kind === "conversations" || type === "channel" || type === "group")
    .map(({ id, name, type }) => ({ id, name: type === "im" ? name : `#${name}` }));
