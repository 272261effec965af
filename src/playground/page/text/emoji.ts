/** The shortcodes that bots and people use most; the others stay as they are written. */
// biome-ignore format: a table is read in rows
export const EMOJI: Record<string, string> = {
  "+1": "👍", thumbsup: "👍", "-1": "👎", thumbsdown: "👎", wave: "👋", clap: "👏", pray: "🙏", muscle: "💪",
  ok_hand: "👌", raised_hands: "🙌", point_right: "👉", point_left: "👈", point_up: "☝️", point_down: "👇", eyes: "👀",
  smile: "😄", grinning: "😀", slightly_smiling_face: "🙂", smiley: "😃", blush: "😊", wink: "😉", joy: "😂",
  sweat_smile: "😅", thinking_face: "🤔", cry: "😢", sob: "😭", scream: "😱", neutral_face: "😐", heart: "❤️",
  green_heart: "💚", blue_heart: "💙", yellow_heart: "💛", tada: "🎉", sparkles: "✨", star: "⭐", fire: "🔥", rocket: "🚀",
  zap: "⚡", bulb: "💡", seedling: "🌱", herb: "🌿", leaves: "🍃", fallen_leaf: "🍂", four_leaf_clover: "🍀",
  deciduous_tree: "🌳", evergreen_tree: "🌲", sunny: "☀️", cloud: "☁️", rain_cloud: "🌧️", snowflake: "❄️",
  white_check_mark: "✅", heavy_check_mark: "✔️", ballot_box_with_check: "☑️", x: "❌", warning: "⚠️",
  rotating_light: "🚨", exclamation: "❗", heavy_exclamation_mark: "❗", question: "❓", no_entry: "⛔",
  information_source: "ℹ️", red_circle: "🔴", large_red_circle: "🔴", large_orange_circle: "🟠",
  large_yellow_circle: "🟡", large_green_circle: "🟢", large_blue_circle: "🔵", white_circle: "⚪", black_circle: "⚫",
  hourglass: "⌛", hourglass_flowing_sand: "⏳", alarm_clock: "⏰", calendar: "📆", date: "📅", spiral_calendar_pad: "🗓️",
  memo: "📝", pencil: "📝", pencil2: "✏️", book: "📖", books: "📚", bookmark: "🔖", link: "🔗", paperclip: "📎",
  clipboard: "📋", file_folder: "📁", inbox_tray: "📥", outbox_tray: "📤", email: "📧", envelope: "✉️",
  telephone_receiver: "📞", phone: "📞", ticket: "🎫", chart: "💹", bar_chart: "📊", chart_with_upwards_trend: "📈",
  chart_with_downwards_trend: "📉", moneybag: "💰", dollar: "💵", euro: "💶", credit_card: "💳", handshake: "🤝",
  office: "🏢", house: "🏠", key: "🔑", lock: "🔒", unlock: "🔓", mag: "🔍", gear: "⚙️", wrench: "🔧", hammer: "🔨",
  robot_face: "🤖", speech_balloon: "💬", thought_balloon: "💭", bell: "🔔", no_bell: "🔕", repeat: "🔁",
  arrows_counterclockwise: "🔄", arrow_right: "➡️", arrow_left: "⬅️", arrow_up: "⬆️", arrow_down: "⬇️",
  arrow_upper_right: "↗️", arrow_lower_right: "↘️", heavy_plus_sign: "➕", heavy_minus_sign: "➖", one: "1️⃣", two: "2️⃣",
  three: "3️⃣", "100": "💯", trophy: "🏆", dart: "🎯", gift: "🎁", coffee: "☕", bust_in_silhouette: "👤",
  busts_in_silhouette: "👥", earth_africa: "🌍", globe_with_meridians: "🌐", pushpin: "📌", triangular_flag_on_post: "🚩",
};

/** The sign of a shortcode, or the shortcode itself. */
export const emojiOf = (name: string): string => EMOJI[name] ?? `:${name}:`;

/** Shortcodes inside plain text. */
export const withEmoji = (text: string): string =>
  text.replace(/:([a-z0-9_+'-]+):/g, (whole, name: string) => EMOJI[name] ?? whole);
