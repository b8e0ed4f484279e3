import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "../controls/button.tsx";
import { ErrorNote } from "./error-note.tsx";
import { Note } from "./note.tsx";

type RefreshProps = { error: Error; hasOlder: boolean; onRetry: () => void; className?: string };

/** Says that something could not be read: what went wrong when there is nothing to show, else only that what is shown may be old. */
export function RefreshNote({ error, hasOlder, onRetry, className = "" }: RefreshProps) {
  const { site } = useWords().text;
  const action = (
    <Button size="small" onClick={onRetry}>
      {site.retry}
    </Button>
  );
  return hasOlder ? (
    <Note tone="bad" isAlert action={action} className={className}>
      {site.offline}
    </Note>
  ) : (
    <ErrorNote error={error} isAlert action={action} className={className} />
  );
}
