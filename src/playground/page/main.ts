import { h, render } from "preact";
import { App } from "./parts/app.ts";
import { Page } from "./state/page.ts";
import { followSystemTheme } from "./state/theme.ts";

const root = document.getElementById("page")!;
let due = false;

/** Many changes at once are drawn once. */
const page = new Page((changed) => {
  if (due) return;
  due = true;
  queueMicrotask(() => {
    due = false;
    render(h(App, { page: changed, state: changed.state }), root);
  });
});

followSystemTheme();
root.replaceChildren();
page.set({});
await page.start();
