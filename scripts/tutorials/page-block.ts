/** The first fenced block of a page with this info string, such as `c` or `sh build`, without its fences; empty if there is none. */
export function pageBlock(markdown: string, info: string): string {
  return new RegExp(`^\`\`\`${info}\\n(.*?)^\`\`\`$`, "ms").exec(markdown)?.[1] ?? "";
}
