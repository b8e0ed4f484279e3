import { useState } from "react";
import { type DocSearch, loadDocSearch } from "./load-doc-search.ts";

type Loading = { status: "idle" | "loading" | "failed"; search: null } | { status: "ready"; search: DocSearch };

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
      const search = await loadDocSearch();
      setLoading({ status: "ready", search });
    } catch {
      setLoading({ status: "failed", search: null });
    }
  };
  const wanted = query.trim();
  const findings = wanted && loading.search ? loading.search(wanted) : null;
  return { query, setQuery, load, status: loading.status, findings };
}
