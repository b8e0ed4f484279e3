"use client";

import { Play } from "lucide-react";
import Link from "next/link";
import { useEditor } from "#lib/client/editor/use-editor.ts";
import type { AccountId } from "#lib/domain/ids.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { ConfirmButton } from "#lib/ui/controls/confirm-button.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { CompileResult } from "./compile-result.tsx";
import { TryProgram } from "./try-program.tsx";

const HELPERS = ["readInput", "readInputBytes", "writeOutput", "writeOutputBytes", "readArguments", "log", "fail"] as const;

/** A program in AssemblyScript, written, compiled and tried on this page, and put into the draft of a new job. */
export function ProgramEditor({ account }: { account: AccountId | null }) {
  const { editor: words } = useWords().text;
  const editor = useEditor(words.source);
  const { state } = editor.compiler.view;
  const isBusy = state === "loading" || state === "compiling";
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_24rem]">
      <div className="grid min-w-0 gap-4">
        <Card>
          <CardHead title={words.source}>
            <span className="flex flex-wrap gap-3">
              <ConfirmButton
                label={words.startOver}
                size="small"
                title={words.startOverTitle}
                confirm={words.startOver}
                keep={words.keep}
                onConfirm={editor.startOver}
              >
                {words.startOverText}
              </ConfirmButton>
              {isBusy ? (
                <Button size="small" onClick={editor.compiler.stop}>
                  {words.stop}
                </Button>
              ) : (
                <Button size="small" kind="primary" onClick={editor.compileNow}>
                  <Play aria-hidden />
                  {words.compile}
                </Button>
              )}
            </span>
          </CardHead>
          <div ref={editor.code.host} className="h-[32rem] overflow-hidden rounded-control border border-edge" />
          <p className="mt-2 text-quiet text-sm">{words.keys}</p>
          <CompileResult view={editor.compiler.view} isOutdated={editor.isOutdated} onShow={editor.code.show} />
        </Card>
        <TryProgram account={account} editor={editor} />
      </div>
      <Card>
        <CardHead title={words.helpers.title} />
        <p className="text-quiet text-sm">{words.helpers.lead}</p>
        <dl className="mt-3 space-y-2 text-sm">
          {HELPERS.map((name) => (
            <div key={name}>
              <dt className="font-mono">{name}()</dt>
              <dd className="text-quiet">{words.helpers[name]}</dd>
            </div>
          ))}
        </dl>
        <Link
          href="/docs/guide/write-a-program-in-typescript"
          prefetch={false}
          className="mt-4 inline-block rounded-control text-sm underline underline-offset-4"
        >
          {words.helpers.guide}
        </Link>
      </Card>
    </div>
  );
}
