import { useEffect, useState } from "preact/hooks";

export type Theme = "light" | "dark";

const KEPT_AS = "playground-theme";
const system = (): MediaQueryList => matchMedia("(prefers-color-scheme: dark)");
const chosen = (): Theme | null => {
  const kept = localStorage.getItem(KEPT_AS);
  return kept === "light" || kept === "dark" ? kept : null;
};

/** The person's choice, else the system's. */
export const themeNow = (): Theme => chosen() ?? (system().matches ? "dark" : "light");

/** Puts the theme on the page. */
export function applyTheme(): void {
  document.documentElement.dataset.theme = themeNow();
  dispatchEvent(new Event("themechange"));
}

export function toggleTheme(): void {
  localStorage.setItem(KEPT_AS, themeNow() === "dark" ? "light" : "dark");
  applyTheme();
}

/** Follows the system from now on, while the person has chosen nothing. */
export function followSystemTheme(): void {
  applyTheme();
  system().addEventListener("change", applyTheme);
}

export function useTheme(): Theme {
  const [theme, setTheme] = useState(themeNow);
  useEffect(() => {
    const told = () => setTheme(themeNow());
    addEventListener("themechange", told);
    return () => removeEventListener("themechange", told);
  }, []);
  return theme;
}
