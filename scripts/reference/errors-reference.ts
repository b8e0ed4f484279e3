import { PAUSE_RULES } from "../../lib/domain/governor/decide-activity.ts";
import { ERROR_CODES, type Remedy } from "../../lib/protocol/errors.ts";
import { WAIT_REASONS } from "../../lib/protocol/exchange/exchange.ts";
import { waitReasons } from "../../lib/text/en/states.ts";
import { ENGINE_REASONS } from "../../workers/volunteer/engine-contract.ts";

const REMEDIES: Record<Remedy, string> = {
  fix: "correct the request",
  later: "the same request may succeed later",
  reload: "update the client",
  never: "settled; asking again changes nothing",
};

/** docs/reference/errors.md: a heading for every code, so that whoever meets one finds it by searching, and a note can link to it. */
export function errorsReference(): string {
  const rows = Object.entries(ERROR_CODES).map(([code, row]) => ({ code, ...row }));
  const answers = rows.filter(({ status }) => status !== 200);
  const reasons = rows.filter(({ status }) => status === 200);
  return `<!-- Generated from lib/protocol/errors.ts and lib/text/en/states.ts by scripts/generate-reference.ts; do not edit. -->

# Errors

An answer that is not a success carries \`{ "error": { "code", "params", "message" } }\`. Programs decide by \`code\`; \`message\` is an English sentence
in which \`params\` stand for the words in braces below.

| code | status | what helps |
|---|---|---|
${answers.map(({ code, status, remedy }) => `| [${code}](#${code}) | ${status} | ${REMEDIES[remedy]} |`).join("\n")}

${answers.map(({ code, status, remedy, message, help }) => `## ${code}\n\n**${status}** · ${REMEDIES[remedy]}\n\n> ${message}\n\n${help}\n`).join("\n")}
## Reasons

These codes are no answers to a request: they stand as \`reason\` in jobs and shards and say why one ended as it did.

${reasons.map(({ code, message, help }) => `### ${code}\n\n> ${message}\n\n${help}\n`).join("\n")}
## Why a device waits

These are no errors either. A device that has nothing to compute says one of them, and [why am I idle?](../guide/why-am-i-idle.md) tells more.

${[...WAIT_REASONS, ...ENGINE_REASONS, ...PAUSE_RULES].map((code) => `### ${code}\n\n${waitReasons[code]}\n`).join("\n")}`;
}
