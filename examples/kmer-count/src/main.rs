use std::collections::BTreeMap;
use std::io::{self, BufWriter, Read, Write};

const ROWS_PER_RECORD: usize = 5;

fn main() -> io::Result<()> {
    let argument = std::env::args().nth(1).unwrap_or_default();
    let k = match argument.parse::<usize>() {
        Ok(k) if k > 0 => k,
        _ => {
            eprintln!("kmer-count: say how long a k-mer is, such as 3");
            std::process::exit(2);
        }
    };
    let mut fasta = String::from("\n");
    io::stdin().read_to_string(&mut fasta)?;

    let mut out = BufWriter::new(io::stdout());
    writeln!(out, "record,kmer,count")?;
    for record in fasta.split("\n>").skip(1) {
        let mut lines = record.lines();
        let name = lines.next().and_then(|header| header.split_whitespace().next()).unwrap_or("?");
        let residues: Vec<u8> = lines.flat_map(|line| line.trim().bytes()).collect();

        let mut counts = BTreeMap::new();
        for kmer in residues.windows(k) {
            *counts.entry(kmer).or_insert(0) += 1;
        }
        let mut rows: Vec<(&[u8], i32)> = counts.into_iter().collect();
        // The map is in alphabetical order, and a stable sort keeps it among equal counts.
        rows.sort_by_key(|&(_, count)| -count);
        for (kmer, count) in rows.into_iter().take(ROWS_PER_RECORD) {
            writeln!(out, "{},{},{}", name, String::from_utf8_lossy(kmer), count)?;
        }
    }
    out.flush()
}
