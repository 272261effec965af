import type { InputBlock, ModalView } from "@slack/types";
import type { ChannelSettings, PersonSettings } from "#people/settings.ts";
import { CALLBACKS } from "../actions.ts";
import { option, plain } from "./elements.ts";
import { cut, LIMITS } from "./limits.ts";
import { alert, MODAL_FIELDS, modal } from "./modals.ts";
import { plainLine } from "./outside-text.ts";

export interface SettingsParts {
  settings: PersonSettings;
  /** The zone that holds until one is chosen. */
  zone: string;
  /** For admins: the lifecycle models there are. */
  models: { chosen: string; all: { id: string; name: string }[] } | null;
  /** The channel in which settings were opened. */
  channel: { id: string; name: string; settings: ChannelSettings } | null;
  /** What was wrong with the last try. */
  note?: string;
  keep?: string;
}

const DIGESTS = [
  { id: "off", name: "Off" },
  { id: "daily", name: "Every working day" },
  { id: "weekly", name: "Every Monday" },
];
const SPEAKS = [
  { id: "mentions", name: "Only when it is mentioned" },
  { id: "threads", name: "When mentioned, and in threads it is part of" },
  { id: "never", name: "Never" },
];

/** A person's settings; the lifecycle model for admins; the rule of the channel where it was opened in one. */
export function settingsModal({ settings, zone, models, channel, note, keep }: SettingsParts): ModalView {
  return modal({
    title: "Settings",
    callback: CALLBACKS.settings,
    submit: "Save",
    close: "Cancel",
    ...(keep ? { keep } : {}),
    blocks: [
      ...(note ? [alert(note)] : []),
      zoneField(settings.zone ?? zone),
      choiceField(
        "digest",
        "Digest in a direct message",
        DIGESTS,
        settings.digest,
        "At 08:30 by your time zone. /perennial schedule sets up others.",
      ),
      ...(models
        ? [
            choiceField(
              "model",
              "Lifecycle model of the workspace",
              models.all,
              models.chosen,
              "For everybody. Stages are judged anew.",
            ),
          ]
        : []),
      ...(channel
        ? [
            choiceField(
              "speak",
              `When it may speak in ${plainLine(channel.name, 80) || "this channel"}`,
              SPEAKS,
              channel.settings.speak,
            ),
          ]
        : []),
    ],
  });
}

/** The type-ahead over time zones, with the one that is set. */
export const zoneField = (zone: string): InputBlock => ({
  type: "input",
  block_id: MODAL_FIELDS.zone.block,
  label: plain("Time zone", LIMITS.section),
  element: {
    type: "external_select",
    action_id: MODAL_FIELDS.zone.action,
    min_query_length: 1,
    placeholder: plain("Europe/Berlin", 150),
    initial_option: zoneOption(zone),
  },
});

/** One option of the type-ahead over time zones. */
export const zoneOption = (zone: string) => option(zone.replaceAll("_", " "), cut(zone, 150));

function choiceField(
  name: "digest" | "model" | "speak",
  label: string,
  choices: readonly { id: string; name: string }[],
  chosen: string,
  hint?: string,
): InputBlock {
  const options = choices
    .slice(0, LIMITS.options)
    .map(({ id, name: words }) => option(plainLine(words, LIMITS.option), id));
  const initial = options.find(({ value }) => value === chosen);
  const { block, action } = MODAL_FIELDS[name];
  return {
    type: "input",
    block_id: block,
    label: plain(label, LIMITS.section),
    ...(hint ? { hint: plain(hint, LIMITS.section) } : {}),
    element: { type: "static_select", action_id: action, options, ...(initial ? { initial_option: initial } : {}) },
  };
}
