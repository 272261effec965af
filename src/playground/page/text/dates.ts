const PRETTY: Record<string, Intl.DateTimeFormatOptions> = {
  date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
  date: { year: "numeric", month: "long", day: "numeric" },
  date_short: { year: "numeric", month: "short", day: "numeric" },
  date_long: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
  time: { hour: "2-digit", minute: "2-digit" },
  time_secs: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
};

export interface Reader {
  /** IANA zone. */
  zone: string;
  /** Milliseconds since 1970. */
  now: number;
}

/** `{date_short} at {time}` of `<!date^…>`, in the reader's zone. A token that is not known stays as it is. */
export function slackDate(seconds: number, format: string, reader: Reader): string {
  return format.replace(/\{(\w+)\}/g, (whole, token: string) => {
    if (token === "ago") return ago(seconds, reader.now);
    const plain = token.replace("_pretty", "");
    const how = PRETTY[plain];
    if (how === undefined) return whole;
    return (token.endsWith("_pretty") ? nearDay(seconds, reader) : null) ?? written(seconds, plain, how, reader.zone);
  });
}

function written(seconds: number, token: string, how: Intl.DateTimeFormatOptions, zone: string): string {
  const day = new Date(seconds * 1000);
  if (token === "date_num") return new Intl.DateTimeFormat("sv-SE", { ...how, timeZone: zone }).format(day);
  return new Intl.DateTimeFormat("en-GB", { ...how, timeZone: zone }).format(day);
}

/** "yesterday", "today", "tomorrow"; null for any other day. */
function nearDay(seconds: number, { zone, now }: Reader): string | null {
  const apart = dayNumber(seconds * 1000, zone) - dayNumber(now, zone);
  return { "-1": "yesterday", "0": "today", "1": "tomorrow" }[String(apart)] ?? null;
}

function dayNumber(instant: number, zone: string): number {
  const day = new Intl.DateTimeFormat("sv-SE", { timeZone: zone }).format(instant);
  return Date.parse(`${day}T00:00:00Z`) / 86_400_000;
}

function ago(seconds: number, now: number): string {
  const away = seconds - now / 1000;
  const steps: [Intl.RelativeTimeFormatUnit, number][] = [
    ["day", 86_400],
    ["hour", 3600],
    ["minute", 60],
  ];
  const [unit, size] = steps.find(([, each]) => Math.abs(away) >= each) ?? (["second", 1] as const);
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(Math.round(away / size), unit);
}

/** The time beside a message: "14:07", with the day where it is not today. */
export function messageTime(ts: string, reader: Reader): { short: string; full: string; iso: string } {
  const seconds = Number(ts);
  const short = written(seconds, "time", PRETTY.time!, reader.zone);
  const full = `${written(seconds, "date_long", PRETTY.date_long!, reader.zone)}, ${short}`;
  return { short, full, iso: new Date(seconds * 1000).toISOString() };
}

/** The line between days: "Today", "Yesterday", "Monday, 2 November 2026". */
export function dayLabel(ts: string, reader: Reader): string {
  const near = nearDay(Number(ts), reader);
  if (near !== null) return near.charAt(0).toUpperCase() + near.slice(1);
  return written(Number(ts), "date_long", PRETTY.date_long!, reader.zone);
}
