/** Where the page is, in its address, so that a reload comes back to it: "#as=U01&at=sales". */
export function placeInAddress(): { as: string | null; at: string | null } {
  const fields = new URLSearchParams(location.hash.slice(1));
  return { as: fields.get("as"), at: fields.get("at") };
}

export function rememberPlace(as: string, at: string): void {
  history.replaceState(null, "", `#${new URLSearchParams({ as, at })}`);
}
