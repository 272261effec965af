/** Block Kit as the page reads it: whatever a bot sent and the server let through, so every field may be missing. */
export interface TextObject {
  type?: string;
  text?: string;
  emoji?: boolean;
}

export interface Choice {
  text: TextObject;
  value?: string;
  description?: TextObject;
  url?: string;
}

export interface Confirm {
  title?: TextObject;
  text?: TextObject;
  confirm?: TextObject;
  deny?: TextObject;
  style?: string;
}

/** Any element of a block: buttons, selects, pickers, inputs, images. */
export interface Element {
  type: string;
  action_id?: string;
  text?: TextObject;
  value?: string;
  url?: string;
  style?: string;
  accessibility_label?: string;
  confirm?: Confirm;
  placeholder?: TextObject;
  options?: Choice[];
  option_groups?: { label: TextObject; options: Choice[] }[];
  initial_option?: Choice;
  initial_options?: Choice[];
  initial_value?: unknown;
  initial_date?: string;
  initial_time?: string;
  initial_date_time?: number;
  initial_user?: string;
  initial_users?: string[];
  initial_channel?: string;
  initial_channels?: string[];
  initial_conversation?: string;
  initial_conversations?: string[];
  max_selected_items?: number;
  min_query_length?: number;
  multiline?: boolean;
  min_length?: number;
  max_length?: number;
  is_decimal_allowed?: boolean;
  min_value?: string;
  max_value?: string;
  focus_on_load?: boolean;
  icon?: string;
  positive_button?: { text: TextObject; value: string; accessibility_label?: string };
  negative_button?: { text: TextObject; value: string; accessibility_label?: string };
  image_url?: string;
  slack_file?: { url?: string; id?: string };
  alt_text?: string;
  visible_to_user_ids?: string[];
}
