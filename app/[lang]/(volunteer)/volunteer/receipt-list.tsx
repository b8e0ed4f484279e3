"use client";

import { keyOfShard } from "#lib/client/volunteer/ask-receipts.ts";
import { useReceipts } from "#lib/client/volunteer/use-receipts.ts";
import type { ReceiptState as ServerState } from "#lib/domain/receipt/decide-receipt.ts";
import type { ServerReceipt } from "#lib/protocol/receipts/receipts.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { ConfirmButton } from "#lib/ui/controls/confirm-button.tsx";
import { Badge, type Tone } from "#lib/ui/display/badge.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Moment } from "#lib/ui/display/moment.tsx";
import { Note } from "#lib/ui/display/note.tsx";
import { AmountCell, StackedTable } from "#lib/ui/display/table.tsx";
import type { Receipt, ReceiptState } from "#workers/volunteer/storage/storage-contract.ts";

const DIGEST_DIGITS_SHOWN = 8;
const TONES: Record<ReceiptState, Tone> = { kept: "accent", taken: "good", late: "warn", refused: "bad", dropped: "neutral" };
const SERVER_TONES: Record<ServerState, Tone> = { pending: "accent", verified: "good", rejected: "bad", unpaid: "neutral" };

/** The newest receipts of this browser, and the button that deletes all of them. */
export function ReceiptList({ countMax }: { countMax: number }) {
  const {
    text: {
      volunteer: { receipts: text },
      site,
    },
  } = useWords();
  const { receipts, server, isSilent, problem, clear } = useReceipts(countMax);
  if (!receipts) return <p className="text-quiet text-sm">{site.loading}</p>;
  return (
    <div className="space-y-4">
      {problem === null ? null : <ErrorNote error={problem} isAlert />}
      {receipts.length === 0 ? (
        <p role="status" className="text-quiet text-sm">
          {text.none}
        </p>
      ) : (
        <>
          {isSilent ? <Note tone="warn">{text.silent}</Note> : null}
          <StackedTable
            caption={text.title}
            columns={[text.columns.job, text.columns.state, text.columns.earned, text.columns.seconds, text.columns.digest, text.columns.at]}
            amounts={[2, 3]}
          >
            {receipts.map((receipt) => (
              <Row key={`${receipt.grantId} ${receipt.no}`} receipt={receipt} answer={server?.get(keyOfShard(receipt)) ?? null} />
            ))}
          </StackedTable>
          <ConfirmButton label={text.delete} title={text.deleteTitle} confirm={text.deleteConfirm} keep={text.deleteKeep} size="small" onConfirm={clear}>
            <p>{text.deleteText}</p>
          </ConfirmButton>
        </>
      )}
    </div>
  );
}

type RowProps = {
  receipt: Receipt /** What the instance holds of the shard from this device; null where it holds nothing or was not asked. */;
  answer: ServerReceipt | null;
};

function Row({ receipt: { jobName, no, outcome, digest, durationMs, atMs, ...local }, answer }: RowProps) {
  const {
    text: { volunteer: text, states },
    format,
    fill,
  } = useWords();
  return (
    <tr>
      <td className="min-w-36 [overflow-wrap:anywhere]">
        <div>
          {jobName}
          <br />
          <span className="text-quiet text-xs">
            {fill(text.shard, { no })}
            {outcome === "ok" ? null : `, ${states.outcomes[outcome]}`}
          </span>
        </div>
      </td>
      <td>{answer ? <Judged answer={answer} /> : <Local {...local} />}</td>
      <AmountCell>{answer ? format.money(answer.earnedMicro) : <span className="text-quiet">–</span>}</AmountCell>
      <AmountCell>{format.duration(durationMs)}</AmountCell>
      <td>{digest ? <code className="text-xs">{digest.slice(0, DIGEST_DIGITS_SHOWN)}</code> : <span className="text-quiet">{text.receipts.noDigest}</span>}</td>
      <td className="whitespace-nowrap">
        <Moment at={new Date(atMs).toISOString()} />
      </td>
    </tr>
  );
}

/** What this browser knows alone: whether the result was sent. */
function Local({ state, problem }: Pick<Receipt, "state" | "problem">) {
  const text = useWords().text.volunteer.receipts;
  return (
    <div>
      <Badge tone={TONES[state]}>{text.states[state]}</Badge>
      {problem ? <p className="mt-1 min-w-40 text-quiet text-xs [overflow-wrap:anywhere]">{problem}</p> : null}
    </div>
  );
}

/** What became of it at the instance. */
function Judged({ answer: { state, reason } }: { answer: ServerReceipt }) {
  const text = useWords().text.volunteer.receipts;
  return (
    <div>
      <Badge tone={SERVER_TONES[state]}>{text.serverStates[state]}</Badge>
      {reason ? <p className="mt-1 min-w-40 text-quiet text-xs">{text.reasons[reason]}</p> : null}
    </div>
  );
}
