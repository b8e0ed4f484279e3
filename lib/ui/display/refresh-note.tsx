import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "../controls/button.tsx";
import { ErrorNote } from "./error-note.tsx";
import { Note } from "./note.tsx";

/** Says that something could not be read: what went wrong when there is nothing to show, else only that what is shown may be old. */
export function RefreshNote({ error, hasOlder, onRetry }: { error: Error; hasOlder: boolean; onRetry: () => void }) {
  const { site } = useWords().text;
  const action = (
    <Button size="small" onClick={onRetry}>
      {site.retry}
    </Button>
  );
  return hasOlder ? (
    <Note tone="bad" isAlert action={action}>
      {site.offline}
    </Note>
  ) : (
    <ErrorNote error={error} isAlert action={action} />
  );
}
