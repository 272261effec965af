import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/** How near to its end a list counts as read to the end, in pixels. */
const NEAR = 120;
/** How tall a question may be to stay in sight above its answer, in pixels. */
const SHORT = 120;
/** What is left above a message that begins at the upper edge, in pixels. */
const AIR = 4;

/** Keeps a list at its newest message while it grows, unless the person has scrolled up to read. */
export function useStick(list: RefObject<HTMLElement | null>, grownBy: unknown): void {
  const follows = useRef(true);
  useLayoutEffect(() => {
    const element = list.current;
    if (element === null) return;
    const watch = () => {
      follows.current = element.scrollTop > newest(element) - NEAR;
    };
    // Charts and pictures grow after they were drawn.
    const grown = new ResizeObserver(() => {
      if (follows.current) follow(element);
    });
    element.addEventListener("scroll", watch, { passive: true });
    grown.observe(element);
    if (element.firstElementChild !== null) grown.observe(element.firstElementChild);
    return () => {
      element.removeEventListener("scroll", watch);
      grown.disconnect();
    };
  }, []);
  useLayoutEffect(() => {
    if (follows.current && list.current !== null) follow(list.current);
  }, [grownBy]);
}

function follow(list: HTMLElement): void {
  list.scrollTop = Math.max(list.scrollTop, newest(list));
}

/**
 * Where a list stands at its end. A newest message that is taller than the list begins at the upper edge, below a short
 * question that it answers, to be read from there; the list never goes back to it from further below.
 */
function newest(list: HTMLElement): number {
  const end = list.scrollHeight - list.clientHeight;
  const [before, last] = [...list.querySelectorAll(".message")].slice(-2);
  const newer = last ?? before;
  if (before === undefined || newer === undefined) return end;
  const asked = newer.matches(".from-bot") && !before.matches(".from-bot") && before.clientHeight < SHORT;
  const first = (asked ? before : newer).getBoundingClientRect();
  return Math.max(0, Math.min(end, first.top - list.getBoundingClientRect().top + list.scrollTop - AIR));
}
