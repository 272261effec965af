import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/** How near to its end a list counts as read to the end, in pixels. */
const NEAR = 120;

/** Keeps a list at its end while it grows, unless the person has scrolled up to read. */
export function useStick(list: RefObject<HTMLElement | null>, grownBy: unknown): void {
  const atEnd = useRef(true);
  useLayoutEffect(() => {
    const element = list.current;
    if (element === null) return;
    const watch = () => {
      atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR;
    };
    // Charts and pictures grow after they were drawn.
    const grown = new ResizeObserver(() => {
      if (atEnd.current) element.scrollTop = element.scrollHeight;
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
    if (atEnd.current && list.current !== null) list.current.scrollTop = list.current.scrollHeight;
  }, [grownBy]);
}
