/**
 * A `fetch` that says how many bytes of the request's body have left, which `fetch` itself cannot. It does what the typed client asks of it and no more:
 * method, headers, a body that is in memory or a file, and an abort.
 */
export function createProgressFetch(onProgress: (sentBytes: number) => void): typeof fetch {
  return (input, init = {}) =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open(init.method ?? "GET", String(input));
      request.responseType = "arraybuffer";
      for (const [name, value] of new Headers(init.headers)) request.setRequestHeader(name, value);
      request.upload.onprogress = (event) => onProgress(event.loaded);
      request.onload = () => resolve(new Response(request.response as ArrayBuffer, { status: request.status }));
      request.onerror = () => reject(new TypeError("The connection was lost."));
      request.onabort = () => reject(new DOMException("Aborted", "AbortError"));
      init.signal?.addEventListener("abort", () => request.abort(), { once: true });
      request.send((init.body ?? null) as XMLHttpRequestBodyInit | null);
    });
}
