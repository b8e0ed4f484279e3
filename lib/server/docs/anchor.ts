/** The anchor of a heading or a word, as GitHub makes it: the same link works there and in the app. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
}

/** Gives out the anchors of one page: what comes up again gets a number. */
export function createAnchors(): (heading: string) => string {
  const used = new Set<string>();
  return (heading) => {
    const anchor = anchorOf(heading);
    let id = anchor;
    for (let n = 1; used.has(id); n++) id = `${anchor}-${n}`;
    used.add(id);
    return id;
  };
}
