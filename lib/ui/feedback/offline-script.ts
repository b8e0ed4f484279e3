/** Keeps `data-offline` on the root while the browser has no connection. */
export const OFFLINE_SCRIPT = `(()=>{const s=()=>document.documentElement.toggleAttribute("data-offline",!navigator.onLine);s();addEventListener("online",s);addEventListener("offline",s)})();`;
