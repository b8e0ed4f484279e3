"use client";

import { useEffect, useRef, useState } from "react";
import type { Picture } from "#lib/domain/output/picture.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { cn } from "../class-names.ts";

type PictureProps = { picture: Picture; bytes: Uint8Array<ArrayBuffer>; label: string; className?: string };

/** A picture drawn from its bytes. No address is made for it, so that no page has to be allowed to load such things. */
export function PictureView({ picture, bytes, label, className }: PictureProps) {
  const { text } = useWords();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [isBroken, setBroken] = useState(false);
  useEffect(() => {
    let isShown = true;
    const source = picture.kind === "pixels" ? new ImageData(picture.rgba, picture.width, picture.height) : new Blob([bytes], { type: picture.type });
    createImageBitmap(source).then(
      (bitmap) => {
        if (isShown && canvas.current) draw(canvas.current, bitmap);
        bitmap.close();
      },
      () => setBroken(true),
    );
    return () => {
      isShown = false;
    };
  }, [picture, bytes]);
  if (isBroken) return <p className="text-quiet text-sm">{text.picture.broken}</p>;
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={label}
      className={cn("max-h-96 max-w-full rounded-control border border-line object-contain [image-rendering:pixelated]", className)}
    />
  );
}

function draw(canvas: HTMLCanvasElement, bitmap: ImageBitmap): void {
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
}
