"use client";

import { useReceipts } from "#lib/client/volunteer/use-receipts.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { ConfirmButton } from "#lib/ui/controls/confirm-button.tsx";
import { Badge, type Tone } from "#lib/ui/display/badge.tsx";
import { Moment } from "#lib/ui/display/moment.tsx";
import { Note } from "#lib/ui/display/note.tsx";
import { Table } from "#lib/ui/display/table.tsx";
import type { Receipt, ReceiptState } from "#workers/volunteer/storage/storage-contract.ts";

const DIGEST_DIGITS_SHOWN = 8;
const TONES: Record<ReceiptState, Tone> = { kept: "accent", taken: "good", late: "warn", refused: "bad", dropped: "neutral" };

/** The newest receipts of this browser, and the button that deletes all of them. */
export function ReceiptList({ countMax }: { countMax: number }) {
  const {
    text: {
      volunteer: { receipts: text },
      site,
    },
    sayError,
  } = useWords();
  const { receipts, problem, clear } = useReceipts(countMax);
  if (!receipts) return <p className="text-quiet text-sm">{site.loading}</p>;
  return (
    <div className="space-y-4">
      {problem === null ? null : (
        <Note tone="bad" isAlert>
          {sayError(problem)}
        </Note>
      )}
      {receipts.length === 0 ? (
        <p role="status" className="text-quiet text-sm">
          {text.none}
        </p>
      ) : (
        <>
          <Table caption={text.title} columns={[text.columns.job, text.columns.state, text.columns.seconds, text.columns.digest, text.columns.at]}>
            {receipts.map((receipt) => (
              <Row key={`${receipt.grantId} ${receipt.no}`} receipt={receipt} />
            ))}
          </Table>
          <ConfirmButton label={text.delete} title={text.deleteTitle} confirm={text.deleteConfirm} keep={text.deleteKeep} size="small" onConfirm={clear}>
            <p>{text.deleteText}</p>
          </ConfirmButton>
        </>
      )}
    </div>
  );
}

function Row({ receipt: { jobName, no, outcome, digest, durationMs, atMs, state, problem } }: { receipt: Receipt }) {
  const {
    text: { volunteer: text, states },
    format,
    fill,
  } = useWords();
  return (
    <tr>
      <td className="min-w-36 [overflow-wrap:anywhere]">
        {jobName}
        <br />
        <span className="text-quiet text-xs">
          {fill(text.shard, { no })}
          {outcome === "ok" ? null : `, ${states.outcomes[outcome]}`}
        </span>
      </td>
      <td>
        <Badge tone={TONES[state]}>{text.receipts.states[state]}</Badge>
        {problem ? <p className="mt-1 min-w-40 text-quiet text-xs [overflow-wrap:anywhere]">{problem}</p> : null}
      </td>
      <td className="whitespace-nowrap">{format.duration(durationMs)}</td>
      <td>{digest ? <code className="text-xs">{digest.slice(0, DIGEST_DIGITS_SHOWN)}</code> : <span className="text-quiet">{text.receipts.noDigest}</span>}</td>
      <td className="whitespace-nowrap">
        <Moment at={new Date(atMs).toISOString()} />
      </td>
    </tr>
  );
}
