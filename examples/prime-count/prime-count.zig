const std = @import("std");

extern "wasi_snapshot_preview1" fn args_sizes_get(count: *usize, bytes: *usize) i32;
extern "wasi_snapshot_preview1" fn args_get(starts: [*][*:0]u8, bytes: [*]u8) i32;
extern "wasi_snapshot_preview1" fn fd_write(file: i32, parts: [*]const Part, count: usize, written: *usize) i32;

const Part = extern struct { start: [*]const u8, length: usize };

var argument_starts: [8][*:0]u8 = undefined;
var argument_bytes: [256]u8 = undefined;

pub fn main() u8 {
    const from = numberAt(1) orelse return 2;
    const to = numberAt(2) orelse return 2;
    var primes: u64 = 0;
    var twins: u64 = 0;
    var n = from;
    while (n < to) : (n += 1) {
        if (!isPrime(n)) continue;
        primes += 1;
        if (isPrime(n + 2)) twins += 1;
    }
    var line: [128]u8 = undefined;
    const text = std.fmt.bufPrint(&line, "from,to,primes,twins\n{d},{d},{d},{d}\n", .{ from, to, primes, twins }) catch return 1;
    return print(text);
}

fn isPrime(n: u64) bool {
    if (n < 2) return false;
    if (n % 2 == 0) return n == 2;
    var d: u64 = 3;
    while (d * d <= n) : (d += 2) {
        if (n % d == 0) return false;
    }
    return true;
}

/// The argument at a place as a number; 0 is the program's name. Null where there is none.
fn numberAt(place: usize) ?u64 {
    var count: usize = 0;
    var bytes: usize = 0;
    if (args_sizes_get(&count, &bytes) != 0) return null;
    if (place >= count or count > argument_starts.len or bytes > argument_bytes.len) return null;
    if (args_get(&argument_starts, &argument_bytes) != 0) return null;
    return std.fmt.parseInt(u64, std.mem.span(argument_starts[place]), 10) catch null;
}

/// Writes a text to standard output; 0, or the exit code that says it could not.
fn print(text: []const u8) u8 {
    var rest = text;
    while (rest.len > 0) {
        const part = [1]Part{.{ .start = rest.ptr, .length = rest.len }};
        var written: usize = 0;
        if (fd_write(1, &part, 1, &written) != 0) return 1;
        rest = rest[written..];
    }
    return 0;
}
