export type Hit = Record<(typeof COLUMNS)[number], string>;

const COLUMNS = [
  "query",
  "rank",
  "target",
  "score",
  "bits",
  "evalue",
  "identities",
  "length",
  "identity_percent",
  "gaps",
  "query_start",
  "query_end",
  "target_start",
  "target_end",
  "target_description",
] as const;

/** The rows of the program's output; throws when the header or the number of fields differs from what is promised. */
export function parseHits(csv: string): Hit[] {
  const [header, ...lines] = csv.split("\n");
  if (header !== COLUMNS.join(",")) throw new Error(`Not the promised header: ${header}`);
  if (lines.pop() !== "") throw new Error("The last line does not end.");
  return lines.map(parseLine);
}

function parseLine(line: string): Hit {
  const fields = [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))(?=,|$)/g)];
  if (fields.length !== COLUMNS.length) throw new Error(`Not ${COLUMNS.length} fields: ${line}`);
  const values = fields.map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "");
  return Object.fromEntries(COLUMNS.map((column, index) => [column, values[index] ?? ""])) as Hit;
}

/** The records of a FASTA text: residues by identifier, in the order of the text. */
export function parseFasta(text: string): Map<string, string> {
  const records = text.split(/^>/m).slice(1);
  return new Map(
    records.map((record) => {
      const [header = "", ...lines] = record.split("\n");
      return [header.split(/\s/)[0] ?? "", lines.join("").replaceAll(/\s/g, "")];
    }),
  );
}
