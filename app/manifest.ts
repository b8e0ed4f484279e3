import type { MetadataRoute } from "next";

/** What an installed Shoal is called and looks like. There is no service worker: nothing could serve code that is out of date. */
export default function manifest(): MetadataRoute.Manifest {
  return {
    name: "Shoal",
    short_name: "Shoal",
    description: "Open browser tabs, one verified computer",
    start_url: "/",
    display: "standalone",
    background_color: "#f8fafb",
    theme_color: "#005a78",
    icons: [
      { src: "/icon.svg", sizes: "any", type: "image/svg+xml" },
      { src: "/icons/icon-192.png", sizes: "192x192", type: "image/png" },
      { src: "/icons/icon-512.png", sizes: "512x512", type: "image/png" },
      { src: "/icons/icon-maskable-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
    ],
    shortcuts: [
      { name: "Lend this tab", url: "/volunteer" },
      { name: "Your jobs", url: "/jobs" },
    ],
  };
}
