"use client";

import { FolderOpen } from "lucide-react";
import { type DragEvent, useRef, useState } from "react";
import { type DroppedFile, filesOfDrop, filesOfInput } from "#lib/client/queries/submission/dropped-files.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { cn } from "#lib/ui/class-names.ts";
import { Button } from "#lib/ui/controls/button.tsx";

/** Takes a folder or files, dropped or chosen. */
export function DropArea({ onFiles }: { onFiles: (files: Promise<DroppedFile[]>) => void }) {
  const { text } = useWords();
  const words = text.submit.drop;
  const folder = useRef<HTMLInputElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    onFiles(filesOfDrop(event.dataTransfer));
  };
  const chosen = (input: HTMLInputElement) => {
    if (input.files && input.files.length > 0) onFiles(Promise.resolve(filesOfInput(input.files)));
    // The same files can be chosen again after they were changed.
    input.value = "";
  };
  return (
    <section
      aria-label={words.title}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={cn(
        "flex flex-col items-center gap-3 rounded-card border-2 border-dashed px-6 py-8 text-center",
        isOver ? "border-accent bg-accent-soft" : "border-edge",
      )}
    >
      <FolderOpen aria-hidden className="size-7 text-accent" />
      <div>
        <p className="font-medium">{isOver ? words.over : words.title}</p>
        <p className="mt-1 max-w-prose text-quiet text-sm">{words.text}</p>
      </div>
      <div className="flex flex-wrap justify-center gap-3">
        <Button onClick={() => folder.current?.click()}>{words.folder}</Button>
        <Button onClick={() => files.current?.click()}>{words.files}</Button>
      </div>
      <input {...{ webkitdirectory: "" }} ref={folder} type="file" hidden multiple data-testid="folder" onChange={(event) => chosen(event.target)} />
      <input ref={files} type="file" hidden multiple data-testid="files" onChange={(event) => chosen(event.target)} />
    </section>
  );
}
