"use client";

import { usePicture } from "#lib/client/templates/use-picture.ts";
import { paintClusters } from "#lib/ui/pictures/paint-clusters.ts";
import { paintCounts } from "#lib/ui/pictures/paint-counts.ts";

const PAINTERS = {
  counts: { paint: paintCounts, width: 512, height: 384 },
  clusters: { paint: paintClusters, width: 640, height: 480 },
};

type ResultPictureProps = { url: string; picture: keyof typeof PAINTERS; alt: string; loading: string; noResult: string };

/** Bytes of a result, fetched and painted as a picture. */
export function ResultPicture({ url, picture, alt, loading, noResult }: ResultPictureProps) {
  const { paint, width, height } = PAINTERS[picture];
  const { canvas, state } = usePicture(url, paint);
  return (
    <div className="min-w-0">
      <canvas ref={canvas} width={width} height={height} role="img" aria-label={alt} className="aspect-4/3 w-full max-w-lg rounded-control bg-sunken" />
      {state === "painted" ? null : (
        <p role={state === "failed" ? "alert" : "status"} className="mt-2 text-quiet text-sm">
          {state === "failed" ? noResult : loading}
        </p>
      )}
    </div>
  );
}
