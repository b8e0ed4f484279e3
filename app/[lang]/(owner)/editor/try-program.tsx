import Link from "next/link";
import { useRouter } from "next/navigation";
import { putIntoDraft } from "#lib/client/editor/put-into-draft.ts";
import type { useEditor } from "#lib/client/editor/use-editor.ts";
import { useTrial } from "#lib/client/trial/use-trial.ts";
import { useTrialRequest } from "#lib/client/trial/use-trial-request.ts";
import type { AccountId } from "#lib/domain/ids.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button, buttonLook } from "#lib/ui/controls/button.tsx";
import { controlProps, Field } from "#lib/ui/controls/field.tsx";
import { Input, TextArea } from "#lib/ui/controls/input.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { TrialShardView } from "../jobs/new/trial-shard.tsx";

type TryProps = { account: AccountId | null; editor: ReturnType<typeof useEditor> };

/** Runs the compiled program on one shard in this tab, and puts it into the draft of a new job. */
export function TryProgram({ account, editor }: TryProps) {
  const words = useWords();
  const { editor: text } = words.text;
  const router = useRouter();
  const { view, start, stop } = useTrial();
  const request = useTrialRequest(editor.form);
  const { program, input } = editor.form;
  const use = async () => {
    if (!account || !program || !input) return;
    await putIntoDraft(account, program, input);
    router.push("/jobs/new");
  };
  return (
    <Card>
      <CardHead title={text.run}>
        <span className="flex flex-wrap gap-3">
          {view.isRunning ? (
            <Button onClick={stop}>{text.stop}</Button>
          ) : (
            <Button disabled={!request} onClick={() => void (request && start({ ...request, parts: request.parts.slice(0, 1) }))}>
              {text.run}
            </Button>
          )}
          {account ? (
            <Button kind="primary" disabled={!program} onClick={() => void use()}>
              {text.use}
            </Button>
          ) : (
            <Link href="/jobs/new" prefetch={false} className={buttonLook({ kind: "primary" })}>
              {text.signIn}
            </Link>
          )}
        </span>
      </CardHead>
      <p className="mb-4 text-quiet text-sm">{program ? text.runHint : text.runNeeds}</p>
      <div className="grid gap-4">
        <Field id="try-input" label={text.input} hint={text.inputHint}>
          <TextArea
            {...controlProps("try-input", { hint: true })}
            className="font-mono"
            value={editor.input}
            onChange={(event) => editor.setInput(event.target.value)}
          />
        </Field>
        <Field id="try-args" label={text.args} hint={text.argsHint}>
          <Input
            {...controlProps("try-args", { hint: true })}
            className="font-mono"
            value={editor.args}
            onChange={(event) => editor.setArgs(event.target.value)}
          />
        </Field>
      </div>
      <div aria-live="polite">
        {view.isRunning ? <p className="mt-4 text-quiet text-sm">{text.running}</p> : null}
        {view.error ? <ErrorNote error={view.error} className="mt-4" /> : null}
        {view.shards.map((shard) => (
          <TrialShardView key={shard.no} shard={shard} format="text" />
        ))}
      </div>
    </Card>
  );
}
