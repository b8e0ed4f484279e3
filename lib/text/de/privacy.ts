import type { Catalogue } from "../catalogue.ts";

export const privacy: Catalogue["privacy"] = {
  version: "Fassung vom {version}",
  kept: {
    title: "Was dieser Browser für diese Seite behält",
    lead: "Gerade aus deinem Browser gelesen. Das Cookie, das dich angemeldet hält, ist für Skripte verborgen und steht nicht hier; Abmelden löscht es.",
    loading: "Es wird nachgesehen",
    none: "Dieser Browser behält nichts für diese Seite.",
    items: {
      language: { name: "Sprache", why: "Ein Cookie mit der Sprache, die du gewählt hast, für ein Jahr." },
      theme: { name: "Farben", why: "Hell oder dunkel, wie du es gewählt hast." },
      letterKeys: { name: "Kürzel aus Buchstaben", why: "Dass du sie ausgeschaltet hast." },
      settings: { name: "Einstellungen für Freiwillige", why: "Was du verleihst und wann." },
      demoWallet: { name: "Demo-Wallet", why: "Der Schlüssel einer Wallet mit Spielgeld." },
      device: { name: "Geräteschlüssel", why: "An ihm erkennt die Instanz diesen Browser als ein Gerät. Kein Skript kann ihn lesen." },
      results: { name: "Nicht Gesendetes", why: "Fertige Ergebnisse, die die Instanz noch nicht hat, und was dieses Gerät von seinen Grenzen verbraucht hat." },
      draft: {
        name: "Entwurf eines Jobs",
        why: "Was du auf der Seite für einen neuen Job eingetragen hast, mit Dateien bis 64 MiB, bis du ihn einreichst oder von vorn anfängst.",
      },
      push: {
        name: "Benachrichtigungen",
        why: "Der Teil, der Benachrichtigungen zeigt, während keine Seite offen ist. Er sieht keine Seite und behält sonst nichts.",
      },
      programs: { name: "Programme", why: "Programme und gemeinsame Dateien von Jobs, damit sie nur einmal geladen werden." },
    },
    delete: "Alles davon löschen",
    deleteTitle: "Löschen, was dieser Browser behält?",
    deleteText: "Das lässt sich nicht rückgängig machen.",
    deleteDevice: "Der Geräteschlüssel ist verloren: Dieser Browser fängt als neues Gerät an, ohne das Vertrauen, das das alte sich verdient hatte.",
    deleteResults: "Fertige Ergebnisse, die noch nicht gesendet sind, gehen verloren, und andere rechnen sie noch einmal.",
    deleteDraft: "Der Entwurf deines nächsten Jobs geht verloren.",
    deleteWallet: "Die Demo-Wallet ist verloren, mit ihrem Spielgeld und den Jobs ihres Kontos.",
    keep: "Behalten",
    deleted: "Gelöscht. Dieser Browser behält nichts mehr für diese Seite.",
    inUse: "Manches davon benutzt ein Tab, der rechnet. Drücke dort auf Stopp, schließe den Tab und lösche noch einmal.",
  },
};
