import { useState } from "react";
import type { Finding } from "./search-index.ts";

const INDEX_URL = "/docs/search.json";

type Search = (query: string) => Finding[];
type Loading = { status: "idle" | "loading" | "failed"; search: null } | { status: "ready"; search: Search };

/**
 * Searches the documentation in this tab. Neither the index nor the code that reads it is fetched before `load` is called; a load that failed is tried
 * again by the next call. `findings` is null while there is nothing to search for or to search in.
 */
export function useDocSearch() {
  const [query, setQuery] = useState("");
  const [loading, setLoading] = useState<Loading>({ status: "idle", search: null });
  const load = async () => {
    if (loading.status === "loading" || loading.status === "ready") return;
    setLoading({ status: "loading", search: null });
    try {
      const search = await loadSearch();
      setLoading({ status: "ready", search });
    } catch {
      setLoading({ status: "failed", search: null });
    }
  };
  const wanted = query.trim();
  const findings = wanted && loading.search ? loading.search(wanted) : null;
  return { query, setQuery, load, status: loading.status, findings };
}

async function loadSearch(): Promise<Search> {
  const [{ openSearchIndex }, response] = await Promise.all([import("./search-index.ts"), fetch(INDEX_URL)]);
  if (!response.ok) throw new Error(`The index answered ${response.status}.`);
  return openSearchIndex(await response.text());
}
