import { en } from "#lib/text/en.ts";
import { sayError } from "#lib/text/say.ts";
import { Button } from "../controls/button.tsx";
import { Note } from "./note.tsx";

/** Says that something could not be read: what went wrong when there is nothing to show, else only that what is shown may be old. */
export function RefreshNote({ error, hasOlder, onRetry }: { error: Error; hasOlder: boolean; onRetry: () => void }) {
  return (
    <Note
      tone="bad"
      isAlert
      action={
        <Button size="small" onClick={onRetry}>
          {en.site.retry}
        </Button>
      }
    >
      {hasOlder ? en.site.offline : sayError(error)}
    </Note>
  );
}
