import type { Catalogue } from "../catalogue.ts";

export const states: Catalogue["states"] = {
  jobStates: {
    running: { label: "Läuft", meaning: "Shards werden verteilt." },
    paused: { label: "Angehalten", meaning: "Keine neuen Shards werden verteilt; was schon lief, darf noch melden." },
    needs_funds: {
      label: "Braucht Geld",
      meaning:
        "Was reserviert ist, reicht nicht für einen weiteren Shard. Erhöhe das Budget, damit es weitergeht, oder brich ab, um den Rest zurückzubekommen.",
    },
    computed: { label: "Berechnet", meaning: "Jeder Shard hat ein brauchbares Ergebnis; einige werden noch geprüft." },
    final: { label: "Fertig", meaning: "Jeder Shard ist entschieden." },
    failed: { label: "Fehlgeschlagen", meaning: "Der Job hat sich selbst beendet." },
    cancelled: { label: "Abgebrochen", meaning: "Du hast den Job beendet. Geprüfte Ergebnisse bleiben." },
  },
  outcomes: {
    ok: "wurde fertig",
    exit_code: "endete mit einem Fehler",
    trap: "brach mit einem Trap ab",
    output_limit: "schrieb mehr als erlaubt",
    no_output: "schrieb nichts",
    timeout: "brauchte zu lange",
    out_of_memory: "brauchte zu viel Speicher",
    crashed: "stürzte ab",
  },
  noVerdicts: {
    shard_no_agreement: "keine gleichen Ergebnisse",
    shard_machine_failures: "kein Gerät konnte sie rechnen",
    shard_lost: "jedes Mal verloren",
  },
  waitReasons: {
    no_jobs: "Gerade braucht niemand Rechenzeit. Dein Tab fragt von selbst wieder.",
    second_device: "Was übrig ist, muss das Gerät von jemand anderem prüfen. Dein Tab fragt von selbst wieder.",
    all_granted: "Alles, was übrig ist, läuft schon auf anderen Geräten. Dein Tab fragt von selbst wieder.",
    enough_held: "Dein Tab hat so viel, wie er darf. Er macht weiter, sobald das fertig ist.",
    needs_webgpu: "Hier warten Jobs, die WebGPU brauchen: {jobs, number}. Dieses Gerät bietet es gerade nicht; dein Tab fragt von selbst wieder.",
    results_wrong:
      "Ergebnisse dieses Geräts waren mehr als einmal falsch, darum bekommt es hier keine Shards. Es können defekter Speicher, ein zu hoher Takt oder ein alter Treiber sein: Lass es prüfen. Dir wird nichts vorgeworfen.",
    not_chosen:
      "Keiner der Jobs, die du gewählt hast, braucht gerade Rechenzeit. Andere warten: {jobs, number}. Du kannst sie wählen oder den Tab offen lassen: Er fragt von selbst wieder.",
    gpu_lost: "Jobs, die WebGPU brauchen: {jobs, number}. Deine GPU ging vor {ago, number} min verloren; nächster Versuch in {left, number} min.",
    unreachable: "Die Instanz ist nicht erreichbar. Fertige Ergebnisse bleiben hier und werden gesendet, wenn sie antwortet.",
    executors_failed: "Dein Browser konnte den rechnenden Teil nicht starten. Lade die Seite neu; wenn es bleibt, kann dieser Browser ihn nicht ausführen.",
    job_unusable: "Dieses Gerät kann das wartende Programm nicht ausführen. Dein Tab fragt von selbst wieder.",
    paused_hours: "Pause bis {from}: Du verleihst dieses Gerät von {from} bis {to}.",
    paused_hidden: "Pause, solange diese Seite verdeckt ist, wie du es gewählt hast.",
    paused_visible: "Pause, solange du diese Seite ansiehst, wie du es gewählt hast.",
    paused_battery: "Pause, solange dieses Gerät mit Akku läuft. Es geht weiter, wenn es lädt.",
    paused_power_unknown: "Pause: Du willst nur beim Laden rechnen, und dieser Browser sagt nicht, ob das Gerät lädt.",
    paused_data: "Pause bis Mitternacht: Die {mib, number} MiB von heute sind verbraucht.",
  },
  enginePhases: {
    idle: "Nicht gestartet",
    starting: "Startet",
    running: "Rechnet",
    waiting: "Wartet",
    stopping: "Hält an",
    stopped: "Angehalten",
    failed: "Kann nicht weiter",
  },
  keyScopes: {
    "jobs:read": "Jobs sehen und Ergebnisse herunterladen",
    "jobs:write": "Jobs einreichen, anhalten, fortsetzen und abbrechen",
    "artifacts:write": "Programme und Eingaben hochladen",
    "devices:manage": "Vertrauenswürdige Geräte verwalten (Betreiber)",
  },
  slicingModes: {
    lines: { label: "Zeilen", meaning: "Schneidet eine Texteingabe zwischen Zeilen." },
    csv: { label: "CSV-Zeilen", meaning: "Schneidet eine Tabelle zwischen Zeilen; jeder Shard bekommt die Kopfzeile." },
    ndjson: { label: "JSON-Zeilen", meaning: "Schneidet eine Eingabe mit einem JSON-Dokument je Zeile." },
    fasta: { label: "FASTA-Einträge", meaning: "Schneidet die Eingabe zwischen Sequenzen." },
    bytes: { label: "Blöcke aus Bytes", meaning: "Schneidet jede Datei in Blöcke gleicher Größe." },
    files: { label: "Dateien eines Zips", meaning: "Jede Datei darin ist ein Shard." },
    range: { label: "Zahlenbereich", meaning: "Zählt; nimmt keine Eingabe." },
    grid: { label: "Raster von Parametern", meaning: "Jede Kombination von Werten; nimmt keine Eingabe." },
    repeat: { label: "Wiederholte Läufe", meaning: "Jeder Lauf hat seinen eigenen Seed; nimmt keine Eingabe." },
  },
};
