import type { Catalogue } from "../catalogue.ts";

/** Was geschehen ist und was zu tun ist, zu jedem Code. */
export const errors: Catalogue["errors"] = {
  bad_request: "{field}: {problem}.",
  not_json: "Die Anfrage wurde nicht verstanden. Lade die Seite neu und versuche es noch einmal.",
  too_large: "{what} ist größer als die {limit, bytes}, die diese Instanz annimmt. Nichts wurde gespeichert.",
  unauthenticated: "Melde dich zuerst an.",
  forbidden: "Das darfst du nicht: Nötig ist {need}.",
  wrong_origin: "Diese Anfrage kam von einer anderen Adresse als der der Instanz. Öffne die Instanz unter ihrer eigenen Adresse und versuche es noch einmal.",
  not_found: "Hier gibt es nichts dieser Art, das du sehen kannst ({what}).",
  conflict: "Das geht nicht: {problem}.",
  idempotency_key_reused: "Der Schlüssel dieser Anfrage kam schon mit einer anderen. Schicke einen neuen. Nichts wurde gespeichert.",
  version_unsupported: "Diese Seite ist älter als die Instanz. Lade sie neu; fertige Ergebnisse bleiben erhalten.",
  rate_limited: "Zu viele Anfragen. Versuche es in {seconds} s noch einmal.",
  internal: "Bei uns ist etwas schiefgegangen. Versuche es noch einmal; wenn es bleibt, nenne dem Betreiber die Referenz {reference}.",
  unavailable: "Die Instanz kann gerade nicht antworten: {problem}. Versuche es gleich noch einmal.",

  challenge_unknown: "Diese Anmeldung hat zu lange gedauert oder wurde schon benutzt. Versuche es noch einmal.",
  signature_invalid: "Die Unterschrift passt nicht: {problem}. Unterschreibe genau den Text, den deine Wallet zeigt.",
  device_revoked: "Der Betreiber hat den Schlüssel dieses Geräts widerrufen.",
  enrolment_unknown: "Der Code zum Eintragen ist unbekannt, benutzt oder abgelaufen. Bitte den Betreiber um einen neuen.",
  passkey_unknown: "Kein Konto hier hat diesen Passkey; vielleicht wurde er entfernt. Nimm einen anderen oder deine Wallet.",
  session_old: "Dafür musst du dich in den letzten {minutes, number} Minuten angemeldet haben. Melde dich noch einmal an, dann geht es.",
  wallet_needed: "Das geht nur mit einer Wallet, und dein Konto hat keine. Füge auf der Seite deines Kontos eine hinzu.",
  text_changed:
    "Ein Text, dem du zustimmst ({document}), hat sich geändert: Er gilt in der Fassung {want}, und dir wurde {got} gezeigt. Lies ihn noch einmal, bevor du weitermachst.",
  key_job: "Dieser API-Schlüssel darf nur {job} anfassen.",
  key_spend_limit:
    "Der Job reserviert {need, money}, und dieser API-Schlüssel darf noch {left, money} reservieren. Reiche einen kleineren Job ein oder nimm einen anderen Schlüssel.",
  login_unknown: "Diesen Code gibt es nicht: Er wurde benutzt, ist abgelaufen oder wurde nie vergeben. Rufe noch einmal „shoal login“ auf.",
  login_pending: "Der Auftraggeber hat noch nicht entschieden.",
  login_denied: "Der Auftraggeber hat diese Anmeldung abgelehnt.",
  key_scope: "Diesem API-Schlüssel fehlt das Recht {scope}. Erstelle einen Schlüssel, der es hat.",

  artifact_missing: "Die Datei von {field} muss noch einmal hochgeladen werden. Reiche noch einmal ein, dann geschieht das.",
  digest_mismatch: "Die Datei wurde unterwegs beschädigt. Reiche noch einmal ein.",
  upload_offset: "Das Hochladen geht bei Byte {want, number} weiter, nicht bei {got, number}. Reiche noch einmal ein.",
  uploads_open:
    "Du hast {count, number} unfertige Uploads; höchstens {countMax, number} mit zusammen {bytesMax, bytes} dürfen offen sein. Bring einen zu Ende oder warte einen Tag: dann werden sie entfernt.",
  upload_quota:
    "Du hast heute {limit, bytes} hochgeladen, und mehr geht nicht. Weiter geht es nach Mitternacht UTC; was von einer großen Datei schon da ist, bleibt.",
  kept_full:
    "Die Instanz bewahrt {kept, bytes} deiner Uploads und Ergebnisse auf und darf {limit, bytes} aufbewahren. Was kein Job benutzt, verschwindet nach einem Tag. Es wurde nichts gespeichert.",
  jobs_open: "Du hast {limit, number} offene Jobs, und mehr geht nicht. Warte, bis einer endet, oder brich einen ab.",
  program_refused: "Das Programm kann hier nicht laufen: {problem}",
  arguments_refused: "Die Argumente stimmen nicht: {problem}.",
  trusted_device_missing: "Gerade ist kein vertrautes Gerät da, das {what} ausführen könnte. Versuche es später noch einmal, oder lass es weg.",
  assurance_unavailable: "Diese Instanz kann {assurance} gerade nicht zusagen: {problem}. Wähle eine andere Klasse.",
  input_empty: "Die Eingabe enthält nichts, was sich zählen lässt ({records}), also gibt es keine Shards.",
  input_malformed: "Die Eingabe ist kein {format}: Zeile {line}: {problem}.",
  zip_refused: "Das Zip lässt sich nicht entpacken: {problem}.",
  input_needed: "Die Aufteilung nach {mode} passt nicht: {problem}.",
  shards_too_many: "Das ergibt {count, number} Shards; die Instanz erlaubt {limit, number}. Lege mehr in einen Shard.",
  funds_short: "Der Job reserviert {need, money}, und du hast {have, money}. Senke den Preis oder die Zahl der Replikate.",
  release_short: "Du willst {need, money} abheben, davon sind {have, money} frei. Laufende Jobs geben zurück, was sie nicht ausgeben.",
  no_pool: "Diese Instanz hat keine Verträge auf einer Chain; hier wird nichts eingezahlt oder abgeholt.",
  chain_unknown: "Diese Instanz zahlt auf {chains}, nicht auf der Chain {chainId}. Nenne eine davon, oder keine für die erste.",
  job_ended: "Der Job ist zu Ende: {state}. Reiche einen neuen ein.",
  result_not_ready: "Noch ist kein Shard dieses Jobs geprüft. Versuche es noch einmal, sobald die ersten es sind.",
  result_gone: "Die Ergebnisse dieses Jobs wurden am {day} gelöscht. Prüfsummen, Entscheidungen und Zahlen bleiben.",
  result_not_reduced: "Dein Auswerteprogramm hat aus den Shards noch nichts gemacht. Versuche es gleich noch einmal, oder lade die Ausgaben herunter.",
  reducer_failed:
    "Das Auswerteprogramm endete über den Shards {from, number} bis {to, number} so: {outcome}. Die Ausgaben selbst können heruntergeladen werden.",

  grant_unknown: "Diese Zuteilung gehört nicht diesem Gerät, oder es gibt sie nicht.",
  output_limit: "Die Ausgabe ist größer, als der Job erlaubt.",

  shard_no_agreement:
    "{replicas} Replikate ergaben keine gleichen Ergebnisse. Die Ausgabe des Programms hängt von mehr ab als von seiner Eingabe: Achte auf Zeit, Zufall oder nicht gesetzten Speicher.",
  shard_rejected: "Dein Prüfprogramm hat die Ausgaben von {replicas} Replikaten abgelehnt.",
  shard_machine_failures: "Auf {replicas} Geräten dasselbe: Das Programm {outcome}. Erhöhe die Grenze, oder mache die Shards kleiner.",
  shard_lost: "Der Shard ging auf {replicas} Geräten nacheinander verloren. Mache Shards kleiner, damit sie fertig werden, bevor Geräte gehen.",
  shard_failed_alike: "Auf jedem Gerät dasselbe: Das Programm {outcome}. Sein Protokoll sagt mehr.",
  verifier_failed:
    "Dein Prüfprogramm endete bei Shard {shard} so: {outcome}. Der Job hat sich deshalb angehalten. Es muss innerhalb der Grenzen des Jobs mit Exit-Code 0 oder 1 enden. Was nicht ausgegeben war, ist zurück.",
  verifier_rejects_all:
    "Dein Prüfprogramm hat abgelehnt, was {clusters} unabhängige Geräte für Shard {shard} gerechnet haben, und nichts angenommen. Der Job hat sich deshalb angehalten. Probiere es an einer Ausgabe, von der du weißt, dass sie stimmt.",
  job_all_failed:
    "Die ersten {shards, number} Shards endeten alle gleich ({outcome}), deshalb hat der Job sich selbst beendet. Berichtige das Programm oder die Eingabe und reiche noch einmal ein.",
  job_not_deterministic:
    "Das Programm liefert auf verschiedenen Geräten verschiedene Ergebnisse, deshalb hat der Job sich selbst beendet. Entferne, was sich unterscheidet, oder lege fest, wie weit Ergebnisse auseinander liegen dürfen.",
  budget_leaving: "Das Geld hinter diesem Job wird aus dem Vertrag abgezogen; deshalb wurde er beendet.",
  program_denied: "Die Betreiber dieser Instanz lassen dieses Programm nicht laufen: {reason}",
  program_mines:
    "Dieses Programm sieht aus wie eines, das Münzen schürft ({sign}), und solche laufen auf dieser Instanz nicht. Schürft es nicht, bitte die Betreiber, es zu erlauben.",
  account_denied: "Die Betreiber dieser Instanz nehmen von diesem Konto keine Jobs an: {reason}",
  job_in_review: "Ein Betreiber sieht sich diesen Job an, bevor er läuft. Du musst nichts tun; brichst du ihn ab, kommt zurück, was er reserviert.",
  job_held:
    "Ein Betreiber hat diesen Job angehalten: {reason} Er geht weiter, wenn ein Betreiber ihn lässt; brichst du ihn ab, kommt zurück, was er reserviert.",
  job_taken_down: "Ein Betreiber hat diesen Job beendet: {reason} Was nicht ausgegeben war, kam zurück.",
  job_cancelled: "Du hast den Job abgebrochen. Was nicht ausgegeben war, kam zurück.",
};
