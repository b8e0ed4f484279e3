import { useMemo } from "react";
import { findPicture } from "#lib/domain/output/picture.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { PictureView } from "./picture-view.tsx";

/** A result of tiles as far as it is verified: the picture, and how many of its parts are in it, are final, and will be there. */
export type PictureSoFar = { bytes: Uint8Array<ArrayBuffer>; accepted: number; final: number; all: number };

/** The picture that a job makes while it grows, and how far it is. `label` says what is to be seen. */
export function GrowingPicture({ picture: { bytes, accepted, final, all }, label }: { picture: PictureSoFar; label: string }) {
  const {
    text: { picture: text },
    fill,
  } = useWords();
  const picture = useMemo(() => findPicture(bytes), [bytes]);
  return (
    <figure>
      {picture ? <PictureView picture={picture} bytes={bytes} label={label} className="w-full max-w-lg bg-sunken" /> : <p className="text-sm">{text.broken}</p>}
      <figcaption className="mt-2 text-quiet text-sm">
        {fill(accepted === 0 ? text.none : accepted === all ? text.whole : text.growing, { accepted, all })}
        {accepted > final ? ` ${fill(text.provisional, { open: accepted - final })}` : null}
      </figcaption>
    </figure>
  );
}
