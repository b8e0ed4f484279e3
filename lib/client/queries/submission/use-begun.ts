import { useCallback, useEffect, useState } from "react";

/** A wait that ends once this holds and has been rendered. */
export function useBegun(hasBegun: boolean): () => Promise<void> {
  const [begun] = useState(() => Promise.withResolvers<void>());
  useEffect(() => {
    if (hasBegun) begun.resolve();
  }, [hasBegun, begun]);
  return useCallback(async () => await begun.promise, [begun]);
}
