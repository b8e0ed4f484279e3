import { ERROR_CODES, type Remedy } from "../../lib/protocol/errors.ts";

const REMEDIES: Record<Remedy, string> = {
  fix: "correct the request",
  later: "the same request may succeed later",
  reload: "update the client",
  never: "settled; asking again changes nothing",
};

/** docs/reference/errors.md: a heading for every code, so that whoever meets one finds it by searching. */
export function errorsReference(): string {
  const rows = Object.entries(ERROR_CODES);
  const sections = rows
    .filter(([, row]) => row.status !== 200)
    .map(([code, row]) => `## ${code}\n\n**${row.status}** · ${REMEDIES[row.remedy]}\n\n> ${row.message}\n\n${row.help}\n`);
  const reasons = rows.filter(([, row]) => row.status === 200).map(([code, row]) => `### ${code}\n\n> ${row.message}\n\n${row.help}\n`);
  return `<!-- Generated from lib/protocol/errors.ts by scripts/generate-reference.ts; do not edit. -->

# Errors

An answer that is not a success carries \`{ "error": { "code", "params", "message" } }\`. Programs decide by \`code\`; \`message\` is an English sentence
in which \`params\` stand for the words in braces below.

${sections.join("\n")}
## Reasons

These codes are no answers to a request: they stand as \`reason\` in jobs and shards and say why one ended as it did.

${reasons.join("\n")}`;
}
