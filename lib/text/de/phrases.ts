/** Wie Teile englischer Absagen der Instanz auf Deutsch heißen. */
export const phrases: Readonly<Record<string, string>> = {
  // Which thing is too large, or is not there.
  "The program": "Das Programm",
  "The input": "Die Eingabe",
  "The file": "Die Datei",
  "All files together": "Die Summe aller Dateien",
  "The request": "Die Anfrage",
  job: "Job",
  key: "Schlüssel",
  artifact: "Datei",
  upload: "Upload",
  device: "Gerät",
  privacy: "Datenschutz",
  terms: "Nutzungsregeln",
  "the reducer": "das Auswerteprogramm",
  "the dry run": "den Probelauf",
  trial: "Probelauf",
  // What is needed.
  "the operator's role": "die Rolle des Betreibers",
  "your own session, not an API key": "eine eigene Anmeldung, kein API-Schlüssel",
  // Why failed shards are not computed again.
  "the job has not ended; failed shards can be computed again once it has":
    "der Job ist nicht zu Ende; erst dann können fehlgeschlagene Shards erneut gerechnet werden",
  "the job was cancelled; submit it as a new one": "der Job wurde abgebrochen; reiche ihn als neuen ein",
  "the job stopped before all of its shards were tried; mend its program or input and submit it as a new one":
    "der Job hat aufgehört, bevor alle seine Shards versucht waren; bessere Programm oder Eingabe und reiche ihn als neuen ein",
  "no shard of the job failed": "kein Shard des Jobs ist fehlgeschlagen",
  "the job is still being settled or checked; try again when its verdicts are final":
    "der Job wird noch abgerechnet oder nachgeprüft; versuche es wieder, wenn seine Entscheidungen endgültig sind",
  // A submission.
  "needs an input": "sie braucht eine Eingabe",
  "takes no input": "sie nimmt keine Eingabe",
  "must be above slicing.from, for there would be no shard": "muss größer sein als slicing.from, sonst gäbe es keinen Shard",
  "{name} is taken by an earlier file": "{name} heißt schon eine frühere Datei",
  "is needed with the runtime wgsl": "ist mit der Laufzeit wgsl nötig",
  "belongs to the runtime wgsl": "gehört zur Laufzeit wgsl",
  "replicasMax must not be below quorum": "replicasMax darf nicht kleiner sein als quorum",
  "may not hold NUL or half of a surrogate pair": "darf weder NUL noch ein halbes Surrogatpaar enthalten",
  "may not hold line breaks or other control characters": "darf keine Zeilenumbrüche oder anderen Steuerzeichen enthalten",
  "may use letters, digits, dot, dash and underscore, at most 100": "darf aus Buchstaben, Ziffern, Punkt, Strich und Unterstrich bestehen, höchstens 100",
  "must be the name of a function": "muss der Name einer Funktion sein",
  "must be a whole number from 0 to 18446744073709551615 as a decimal string": "muss eine ganze Zahl von 0 bis 18446744073709551615 sein",
  "must be below 2^64": "muss kleiner sein als 2^64",
  "must be a whole number of micro-units as a decimal string, at most 18 digits": "muss eine ganze Zahl von Millionsteln sein, höchstens 18 Ziffern",
  // How a field has to be.
  "is missing": "fehlt",
  "is not right": "stimmt nicht",
  "must be text": "muss Text sein",
  "must be a number": "muss eine Zahl sein",
  "must be a whole number": "muss eine ganze Zahl sein",
  "must be true or false": "muss true oder false sein",
  "must be a list": "muss eine Liste sein",
  "must be an object": "muss ein Objekt sein",
  "may not be empty": "darf nicht leer sein",
  "must be at least {bound}": "muss mindestens {bound} sein",
  "must be at most {bound}": "darf höchstens {bound} sein",
  "must be above {bound}": "muss größer sein als {bound}",
  "must be below {bound}": "muss kleiner sein als {bound}",
  "must have exactly {bound} characters": "muss genau {bound} Zeichen haben",
  "must have at least {bound} characters": "muss mindestens {bound} Zeichen haben",
  "must have at most {bound} characters": "darf höchstens {bound} Zeichen haben",
  "must have exactly {bound} entries": "muss genau {bound} Einträge haben",
  "must have at least {bound} entries": "muss mindestens {bound} Einträge haben",
  "must have at most {bound} entries": "darf höchstens {bound} Einträge haben",
  "must be a multiple of {divisor}": "muss ein Vielfaches von {divisor} sein",
  "must be one of {values}": "muss eines von diesen sein: {values}",
  "has none of the forms that are known": "hat keine der bekannten Formen",
  "does not have the form that is asked for": "hat nicht die verlangte Form",
  "may use letters, digits and underscore, at most 40, and begins with no digit":
    "darf aus Buchstaben, Ziffern und Unterstrich bestehen, höchstens 40, und nicht mit einer Ziffer beginnen",
  "must be a wallet address: 0x and 40 hexadecimal digits": "muss die Adresse einer Wallet sein: 0x und 40 hexadezimale Ziffern",
  "must be an address: 0x and 40 hexadecimal digits": "muss eine Adresse sein: 0x und 40 hexadezimale Ziffern",
  "must be a SHA-256 as 64 lower-case hexadecimal digits": "muss ein SHA-256 aus 64 kleinen hexadezimalen Ziffern sein",
  "must be one line of text": "muss eine Zeile Text sein",
  "must be a code such as BCDF-GHJK": "muss ein Code sein wie BCDF-GHJK",
  "belongs to the format tile": "gehört zum Format tile",
  "is needed with the format {format}": "ist mit dem Format {format} nötig",
  "belongs to csv, json and ndjson, not to {format}": "gehört zu csv, json und ndjson, nicht zu {format}",
  "mosaic needs the output format tile": "mosaic braucht das Ausgabeformat tile",
  "{kind} needs outputs that hold numbers: text, csv, ndjson, json or f32": "{kind} braucht Ausgaben mit Zahlen: text, csv, ndjson, json oder f32",
  "makes a row of tiles larger than {bytes} bytes": "macht eine Reihe von Kacheln größer als {bytes} Bytes",
  "makes outputs of {tile} bytes, and {max} are allowed": "macht Ausgaben von {tile} Bytes, erlaubt sind {max}",
  "must be at most {bytes} where outputs are reduced": "darf höchstens {bytes} sein, wo Ausgaben zusammengefasst werden",
  "{state} is what the reducer reads": "{state} liest das Auswerteprogramm",
  "the first milestone must have finalPercent 0: it begins the job": "die erste Etappe muss bei 0 % beginnen: mit ihr beginnt der Job",
  "the last milestone must release 100": "die letzte Etappe muss 100 % freigeben",
  "finalPercent and releasePercent must rise from one milestone to the next": "beide Zahlen müssen von Etappe zu Etappe steigen",
  "{finalPercent} per cent cannot become final while {before} are released":
    "{finalPercent} % können nicht endgültig werden, solange {before} freigegeben sind",
  "must be above from": "muss größer sein als der Anfang",
  // An input that cannot be cut.
  "it holds the byte {byte}, which is not text": "sie enthält das Byte {byte}, das kein Text ist",
  'text stands before the first record, which begins with ">"': "vor dem ersten Eintrag, der mit „>“ beginnt, steht Text",
  'the record has no name after ">"': "der Eintrag hat keinen Namen nach „>“",
  "the record has no sequence": "der Eintrag hat keine Sequenz",
  text: "Text",
  // What does not go at the moment.
  "cutting the input took too long; try again when the instance is less busy": "das Aufteilen der Eingabe dauerte zu lange",
  "the job waits for funds, so nothing is granted": "der Job wartet auf Geld, deshalb wird nichts verteilt",
  "the job is {state}": "der Job hat den Stand „{state}“",
  "the job ended without an accepted shard, so there is no result": "der Job endete ohne einen angenommenen Shard, deshalb gibt es kein Ergebnis",
  "these jobs have not ended or are still being settled: {jobs}": "diese Jobs sind noch nicht zu Ende oder werden noch abgerechnet: {jobs}",
  "you have {count} keys; revoke one first": "du hast {count} Schlüssel; widerrufe zuerst einen",
  "its storage is full": "ihr Speicher ist voll",
  "its storage does not answer": "ihr Speicher antwortet nicht",
  "the chain that knows contract wallets does not answer": "die Chain, die Contract-Wallets kennt, antwortet nicht",
  "it was not made by the wallet that the message names": "sie stammt nicht von der Wallet, die der Text nennt",
  // Why a program cannot run, and what helps.
  "The file is not a WebAssembly module: it does not begin with the bytes of one.": "Die Datei ist kein WebAssembly-Modul: Sie beginnt nicht mit dessen Bytes.",
  "Upload the .wasm file that your compiler wrote, not its source, an archive or a text form.":
    "Lade die .wasm-Datei hoch, die dein Compiler geschrieben hat, nicht den Quelltext, ein Archiv oder eine Textform.",
  "The file is a WebAssembly component; Shoal runs command modules.": "Die Datei ist eine WebAssembly-Komponente; Shoal führt Kommando-Module aus.",
  "Build for the target wasm32-wasip1 (WASI preview 1), or take the core module out of the component.":
    "Baue für das Ziel wasm32-wasip1 (WASI Preview 1), oder nimm das Kernmodul aus der Komponente.",
  "The file is damaged: {reason} (byte {offset}).": "Die Datei ist beschädigt: {reason} (Byte {offset}).",
  "No WebAssembly engine takes the program: {reason}.": "Keine WebAssembly-Engine nimmt das Programm an: {reason}.",
  "Build it again with a current compiler; a tool that rewrote the module afterwards may have broken it.":
    "Baue es mit einem aktuellen Compiler noch einmal; ein Werkzeug, das das Modul danach umgeschrieben hat, hat es vielleicht beschädigt.",
  "Build it again, or copy it again: the file may be cut off.": "Baue oder kopiere sie noch einmal: Sie ist vielleicht abgeschnitten.",
  "The program uses atomic instructions, which belong to threads. It has {detail} at byte {offset}.":
    "Das Programm benutzt atomare Befehle, die zu Threads gehören: {detail} bei Byte {offset}.",
  "Build it for one thread: leave out -pthread and -matomics and use the target wasm32-wasip1.":
    "Baue es für einen Thread: lass -pthread und -matomics weg und nimm das Ziel wasm32-wasip1.",
  "The program uses WebAssembly exceptions, which not every browser runs alike. It has {detail} at byte {offset}.":
    "Das Programm benutzt WebAssembly-Exceptions, die nicht jeder Browser gleich ausführt: {detail} bei Byte {offset}.",
  "Build it without them: -fno-exceptions for C++, panic=abort for Rust.": "Baue es ohne sie: -fno-exceptions für C++, panic=abort für Rust.",
  "The program uses garbage-collected or typed references, which not every browser has. It has {detail} at byte {offset}.":
    "Das Programm benutzt Referenzen mit Speicherbereinigung oder Typ, die nicht jeder Browser hat: {detail} bei Byte {offset}.",
  "Use a compiler and target that work in linear memory, such as wasm32-wasip1.":
    "Nimm einen Compiler und ein Ziel, die in linearem Speicher arbeiten, etwa wasm32-wasip1.",
  "The program is built for 64-bit memory. It has {detail} at byte {offset}.": "Das Programm ist für 64-Bit-Speicher gebaut: {detail} bei Byte {offset}.",
  "Build it for 32-bit memory: use the target wasm32-wasip1.": "Baue es für 32-Bit-Speicher: nimm das Ziel wasm32-wasip1.",
  "The program uses more than one memory. It has {detail} at byte {offset}.": "Das Programm benutzt mehr als einen Speicher: {detail} bei Byte {offset}.",
  "Build it as one module with one memory.": "Baue es als ein Modul mit einem Speicher.",
  "The program uses relaxed SIMD, whose results differ between processors. It has {detail} at byte {offset}.":
    "Das Programm benutzt Relaxed SIMD, dessen Ergebnisse sich je nach Prozessor unterscheiden: {detail} bei Byte {offset}.",
  "Leave out -mrelaxed-simd; plain -msimd128 is welcome.": "Lass -mrelaxed-simd weg; einfaches -msimd128 ist willkommen.",
  "The program declares a memory shared between threads. It has {detail} at byte {offset}.":
    "Das Programm erklärt einen Speicher, den sich Threads teilen: {detail} bei Byte {offset}.",
  "Build it for one thread: leave out -pthread and --shared-memory.": "Baue es für einen Thread: lass -pthread und --shared-memory weg.",
  "The program uses something that Shoal does not know and so cannot promise to run alike everywhere. It has {detail} at byte {offset}.":
    "Das Programm benutzt etwas, das Shoal nicht kennt und deshalb nicht überall gleich ausführen kann: {detail} bei Byte {offset}.",
  "Build it for plain WebAssembly 2.0, for example with the target wasm32-wasip1 and no experimental features.":
    "Baue es für einfaches WebAssembly 2.0, zum Beispiel mit dem Ziel wasm32-wasip1 und ohne Experimente.",
  "The program imports an early draft of WASI: {names}.": "Das Programm importiert einen frühen Entwurf von WASI: {names}.",
  "Build it with a current wasi-sdk, Rust, Go or Zig for the target wasm32-wasip1, which imports wasi_snapshot_preview1.":
    "Baue es mit einem aktuellen wasi-sdk, Rust, Go oder Zig für das Ziel wasm32-wasip1, das wasi_snapshot_preview1 importiert.",
  "The program imports functions that no volunteer's host offers: {names}.": "Das Programm importiert Funktionen, die kein Gerät anbietet: {names}.",
  "Only WASI preview 1 is offered. Look for JavaScript glue, sockets, threads or undefined symbols, and link without them.":
    "Es gibt nur WASI Preview 1. Suche nach JavaScript-Kleber, Sockets, Threads oder unbekannten Symbolen, und linke ohne sie.",
  "The program imports WASI functions with a wrong type: {names}.": "Das Programm importiert WASI-Funktionen mit falschem Typ: {names}.",
  "Build it with the headers of wasi-libc; a declaration of your own has other parameters.":
    "Baue es mit den Headern der wasi-libc; eine eigene Deklaration hat andere Parameter.",
  "The program imports its memory: {names}.": "Das Programm importiert seinen Speicher: {names}.",
  "Let the module own and export its memory: leave out --import-memory.": "Lass das Modul seinen Speicher besitzen und exportieren: ohne --import-memory.",
  "The program imports a table: {names}.": "Das Programm importiert eine Tabelle: {names}.",
  "Link it as one complete module: leave out --import-table and dynamic linking.": "Linke es als ein ganzes Modul: ohne --import-table und dynamisches Linken.",
  "The program imports global variables: {names}.": "Das Programm importiert globale Variablen: {names}.",
  "Link it as one complete module: leave out dynamic linking and position-independent code.":
    "Linke es als ein ganzes Modul: ohne dynamisches Linken und positionsunabhängigen Code.",
  "The program has no _start function to begin with.": "Das Programm hat keine Funktion _start, mit der es beginnen könnte.",
  "The program's _start is not a function without parameters.": "_start des Programms ist keine Funktion ohne Parameter.",
  "Build a command, not a library: it needs main(), and no -mexec-model=reactor, --no-entry or crate-type cdylib.":
    "Baue ein Kommando, keine Bibliothek: mit main() und ohne -mexec-model=reactor, --no-entry oder crate-type cdylib.",
  'The program does not export its memory under the name "memory".': "Das Programm exportiert seinen Speicher nicht unter dem Namen „memory“.",
  "Export it: --export-memory for wasm-ld, which the target wasm32-wasip1 does by itself.":
    "Exportiere ihn: --export-memory für wasm-ld; das Ziel wasm32-wasip1 tut es von selbst.",
  "The program starts with {minBytes} bytes of memory; the job's limit is {max}.": "Das Programm beginnt mit {minBytes} Bytes Speicher; der Job erlaubt {max}.",
  "Raise limits.memoryBytesMax to at least {minBytes}, or link with a smaller --initial-memory.":
    "Erhöhe limits.memoryBytesMax auf mindestens {minBytes}, oder linke mit kleinerem --initial-memory.",
  "The argument has a single {brace}. Write {braces} for a literal brace.":
    "Das Argument hat eine einzelne {brace}. Schreibe {braces} für eine wörtliche Klammer.",
  // A request of the page that the instance does not take.
  "it is not a known field": "dieses Feld gibt es nicht",
  "it is given twice": "es ist doppelt angegeben",
  "it must be a JSON object": "es muss ein JSON-Objekt sein",
  "the connection ended before the body did": "die Verbindung endete mitten in der Anfrage",
  // A claim that the instance is to send.
  "an instance that sends claims for others": "eine Instanz, die Auszahlungen für andere sendet",
  "everything that was published for you has been claimed": "alles, was für dich veröffentlicht wurde, ist abgeholt",
  "a newer epoch has just been published; ask again": "gerade wurde eine neuere Epoche veröffentlicht; versuche es noch einmal",
  "claims are paused on the chain for a while": "Auszahlungen sind auf der Chain für eine Weile angehalten",
  "the contract has paid out all that it may for now; try again later": "der Vertrag hat vorerst alles ausgezahlt, was er darf; versuche es später",
  "what can be claimed now is not more than the fee": "es ist nicht mehr abzuholen als die Gebühr",
  "the fee is higher than what you signed; look at it again": "die Gebühr ist höher als die, die du unterschrieben hast; sieh sie dir noch einmal an",
  "cannot receive it": "sie kann nichts empfangen",
  "its time is over; sign again": "ihre Zeit ist um; unterschreibe noch einmal",
  "it is not by your wallet for this claim": "sie ist nicht von deiner Wallet für diese Auszahlung",
  "the wallet that sends claims for others is out of gas; claim with your own wallet":
    "die Wallet, die Auszahlungen für andere sendet, hat kein Gas mehr; hole es mit deiner eigenen ab",
  // A job that several fund.
  "to be named by the owner as somebody who funds this job": "dass der Auftraggeber dich als jemanden nennt, der diesen Job mitbezahlt",
  "they have put money in for the share that they were promised": "für den zugesagten Anteil wurde schon eingezahlt",
  "they have put money in, and it comes back when the job ends": "es wurde schon eingezahlt, und das kommt zurück, wenn der Job endet",
};
