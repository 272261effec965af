import { h, type JSX } from "preact";

/** Line drawings of 20 × 20, so that nothing is fetched and nothing depends on the machine's emoji. */
const PATHS = {
  leaf: "M4 16c0-8 5-12 13-12 0 9-4 13-11 12M4 16c2-4 5-6 8-7",
  hash: "M7 3 5.5 17M14.5 3 13 17M3.5 7.5h13.5M3 12.5h13.5",
  lock: "M6 9V6.5a4 4 0 0 1 8 0V9M5 9h10v7.5H5z",
  menu: "M3 5h14M3 10h14M3 15h14",
  close: "m5 5 10 10M15 5 5 15",
  back: "m11 4-6 6 6 6M5 10h11",
  send: "m3 10 14-6-5 13-3-5.5zM9 11.5 17 4",
  bolt: "M11 2 4 11.5h5L8.5 18 16 8.5h-5z",
  home: "m3 9.5 7-6 7 6M5 8.5V17h10V8.5",
  chat: "M3 4h14v10H9l-4 3.5V14H3z",
  thread: "M3 4h14v9H3zM7 16.5h10",
  sun: "M10 6.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7M10 1.5v2M10 16.5v2M1.5 10h2M16.5 10h2M4 4l1.4 1.4M14.6 14.6 16 16M16 4l-1.4 1.4M5.4 14.6 4 16",
  moon: "M15.5 12.5A6.5 6.5 0 0 1 7.5 4.5 6.5 6.5 0 1 0 15.5 12.5z",
  code: "m7 6-4 4 4 4M13 6l4 4-4 4",
  eye: "M2 10c2-4 5-5.5 8-5.5s6 1.5 8 5.5c-2 4-5 5.5-8 5.5S4 14 2 10zM10 7.8a2.2 2.2 0 1 1 0 4.4 2.2 2.2 0 0 1 0-4.4",
  file: "M5 2.5h6.5l3.5 3.5v11.5H5zM11.5 2.5V6H15",
  download: "M10 3v9.5M6 9l4 4 4-4M4 16.5h12",
  up: "M6 9.5 9.5 3c1.3 0 2 .8 1.7 2.2L10.7 8h4.3c1 0 1.7.9 1.4 1.9l-1.5 5.4c-.2.8-.8 1.2-1.6 1.2H6zM3 9.5h3v7H3z",
  down: "M6 10.5 9.5 17c1.3 0 2-.8 1.7-2.2L10.7 12h4.3c1 0 1.7-.9 1.4-1.9l-1.5-5.4c-.2-.8-.8-1.2-1.6-1.2H6zM3 3.5h3v7H3z",
  trash: "M4 6h12M8 6V3.5h4V6M5.5 6l.8 11h7.4l.8-11",
  check: "m4 10.5 4 4 8-9",
  cross: "m6 6 8 8M14 6l-8 8",
  clock: "M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14M10 6v4.5l3 1.5",
  dots: "M5 10h.01M10 10h.01M15 10h.01",
  smile: "M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14M7.5 8h.01M12.5 8h.01M7 12c1.5 2 4.5 2 6 0",
  info: "M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14M10 9.5v4M10 6.8h.01",
  warning: "m10 3 8 14H2zM10 8v4.5M10 14.8h.01",
  down_small: "m6 8 4 4 4-4",
  up_small: "m6 12 4-4 4 4",
  stop: "M5.5 5.5h9v9h-9z",
  plus: "M10 4v12M4 10h12",
} as const;

export type IconName = keyof typeof PATHS;

/** A drawing that only decorates: what it means stands beside it or in its button's label. */
export function Icon({ name, size = 18 }: { name: IconName; size?: number }): JSX.Element {
  return h(
    "svg",
    {
      class: `icon icon-${name}`,
      width: size,
      height: size,
      viewBox: "0 0 20 20",
      "aria-hidden": "true",
      focusable: "false",
    },
    h("path", { d: PATHS[name] }),
  );
}
