"use client";

import { QrCode } from "#lib/ui/display/qr-code.tsx";
import { GrowingPicture } from "#lib/ui/output/growing-picture.tsx";
import { OutputView } from "#lib/ui/output/output-view.tsx";
import { Shown } from "./shown.tsx";

const bytesOf = (text: string) => new TextEncoder().encode(text);
/** A grey picture of 16 by 16, as programs write it. */
const PICTURE = new Uint8Array([...bytesOf("P5\n16 16\n255\n"), ...Array.from({ length: 256 }, (_, i) => i)]);

/** What a program wrote, as whatever it is. */
export function OutputStates() {
  return (
    <Shown name="OutputView, PictureView, GrowingPicture, QrCode">
      <OutputView sample={{ bytes: bytesOf(""), isWhole: true }} format="bytes" label={"Nothing"} />
      <OutputView sample={{ bytes: bytesOf("one\ntwo\n"), isWhole: true }} format="text" label={"Lines"} />
      <OutputView sample={{ bytes: bytesOf("hour,height\n1,2.4\n2,2.9\n"), isWhole: true }} format="csv" label={"A table"} />
      <OutputView sample={{ bytes: bytesOf("bytes of any kind"), isWhole: true }} format="bytes" label={"Bytes"} />
      <OutputView sample={{ bytes: PICTURE, isWhole: true }} format="bytes" label={"A picture"} />
      <GrowingPicture picture={{ bytes: PICTURE, accepted: 40, final: 32, all: 96 }} label={"A picture that grows"} />
      <QrCode text="https://shoal.example/volunteer?job=job_00000000000000000000000000000000" label={"A job's address"} />
    </Shown>
  );
}
