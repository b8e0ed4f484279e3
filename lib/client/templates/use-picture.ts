import { useEffect, useRef, useState } from "react";

/** Paints bytes as a picture. */
type Painter = (context: CanvasRenderingContext2D, bytes: DataView) => void;

/** Fetches bytes and paints them on the canvas that gets the reference. */
export function usePicture(url: string, paint: Painter) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [state, setState] = useState<"loading" | "painted" | "failed">("loading");
  useEffect(() => {
    const leaving = new AbortController();
    const show = async () => {
      const response = await fetch(url, { signal: leaving.signal });
      if (!response.ok) throw new Error(response.statusText);
      const bytes = await response.arrayBuffer();
      const context = canvas.current?.getContext("2d");
      if (context) paint(context, new DataView(bytes));
      setState("painted");
    };
    show().catch(() => {
      if (!leaving.signal.aborted) setState("failed");
    });
    return () => leaving.abort();
  }, [url, paint]);
  return { canvas, state };
}
