import { createRequire } from "node:module";
import { Resvg } from "@resvg/resvg-js";
import { parse, View } from "vega";
import { FONT, type Picture, SIZE } from "./picture.ts";

const find = createRequire(import.meta.url);
const FONTS = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"].map((file) => find.resolve(`dejavu-fonts-ttf/ttf/${file}`));
/** Scripts that our own font cannot write: Chinese, Japanese, Korean, those of India and of South-East Asia. */
const BEYOND_OUR_FONT =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Thai}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** A picture as SVG with its words for screen readers. Drawn without a browser; nothing is fetched. */
export async function renderSvg({ spec, title, alt }: Picture): Promise<string> {
  const view = new View(parse(spec), { renderer: "none" });
  try {
    const svg = await view.toSVG();
    const spoken = `<title>${escaped(title)}</title><desc>${escaped(alt)}</desc>`;
    return svg.replace(/^<svg ([^>]*)>/, (_, given: string) => `<svg role="img" ${given}>${spoken}`);
  } finally {
    view.finalize();
  }
}

/**
 * An SVG of ours as PNG, twice as fine as it is wide. With the font that comes with us, so that it looks the same on every
 * machine; names in scripts that it lacks are written with the machine's own fonts.
 */
export function renderPng(svg: string): Uint8Array {
  const drawn = new Resvg(svg, {
    font: { fontFiles: FONTS, loadSystemFonts: BEYOND_OUR_FONT.test(svg), defaultFontFamily: FONT },
    fitTo: { mode: "width", value: SIZE.width * 2 },
  });
  return drawn.render().asPng();
}

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
