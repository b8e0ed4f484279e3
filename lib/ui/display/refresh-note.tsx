import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "../controls/button.tsx";
import { Note } from "./note.tsx";

/** Says that something could not be read: what went wrong when there is nothing to show, else only that what is shown may be old. */
export function RefreshNote({ error, hasOlder, onRetry }: { error: Error; hasOlder: boolean; onRetry: () => void }) {
  const {
    text: { site },
    sayError,
  } = useWords();
  return (
    <Note
      tone="bad"
      isAlert
      action={
        <Button size="small" onClick={onRetry}>
          {site.retry}
        </Button>
      }
    >
      {hasOlder ? site.offline : sayError(error)}
    </Note>
  );
}
