import type { Pool } from "#lib/client/wallet/pool.ts";
import { Note } from "#lib/ui/display/note.tsx";
import { readWords } from "../../../read-words.ts";

/** What the page is, for somebody who has not signed in. */
export async function RewardsWelcome({ pool }: { pool: Pool | null }) {
  const { text, fill, format } = await readWords();
  const { welcome } = text.rewards;
  return (
    <div className="min-w-0">
      <h1 className="font-semibold text-2xl tracking-tight sm:text-3xl">{welcome.title}</h1>
      <p className="mt-3 max-w-prose text-quiet">{welcome.text}</p>
      <ol className="mt-8 space-y-5">
        {welcome.steps.map(({ title, text: about }, i) => (
          <li key={title} className="flex gap-4">
            <span aria-hidden className="font-mono text-accent text-sm leading-6">
              {i + 1}
            </span>
            <div>
              <h2 className="font-semibold">{title}</h2>
              <p className="mt-1 max-w-prose text-quiet text-sm">{about}</p>
            </div>
          </li>
        ))}
      </ol>
      {pool?.unlinkedDays ? <Note className="mt-8">{fill(welcome.unlinked, { days: format.count(Math.ceil(pool.unlinkedDays), welcome.days) })}</Note> : null}
      {pool ? null : <Note className="mt-8">{welcome.noChain}</Note>}
    </div>
  );
}
