import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openTestDatabase } from "#lib/testing/database/open-test-database.ts";
import { type Db, openDatabase, type Reader, type Tx } from "./client.ts";
import { inTurn, last, together, transaction } from "./transaction.ts";

const opened = await openTestDatabase();
let db: Db;
const uncaught: unknown[] = [];
const noteUncaught = (error: unknown) => uncaught.push(error);

beforeAll(async () => {
  process.on("uncaughtException", noteUncaught);
  await opened.db`create table notes (id int primary key, text text, at timestamptz, big bigint, flag boolean, bytes bytea, data jsonb)`;
  // One connection, so that what follows a failure meets what the failure left.
  db = openDatabase(opened.url, { connectionsMax: 1 });
});
beforeEach(async () => {
  await opened.db`truncate notes`;
});
afterAll(async () => {
  process.off("uncaughtException", noteUncaught);
  await db.end();
  await opened.close();
});

const noted = async () => (await opened.db<{ id: number }[]>`select id from notes order by id`).map((row) => row.id);
const kill = async (reader: Reader) => {
  const [row] = await reader<{ pid: number }[]>`select pg_backend_pid() as pid`;
  await opened.db`select pg_terminate_backend(${row?.pid})`;
};

test("a connection that dies in the middle fails its transaction, keeps nothing of it, and harms no later one", async () => {
  for (const waitMs of [0, 50]) {
    const lost = transaction(db, async (tx) => {
      await tx`insert into notes (id) values (1)`;
      await kill(tx);
      await sleep(waitMs);
      await tx`insert into notes (id) values (2)`;
    });
    await expect(lost).rejects.toThrow();
    await transaction(db, async (tx) => {
      await tx`insert into notes (id) values (${3 + waitMs})`;
    });
  }
  expect(await noted()).toEqual([3, 53]);
  expect(uncaught).toEqual([]);
});

test("statements that were sent together do not outlive the transaction whose connection died under them", async () => {
  const lost = transaction(db, async (tx) => {
    await Promise.all([tx`insert into notes (id) values (1)`, kill(tx), tx`select pg_sleep(0.2)`, tx`insert into notes (id) values (2)`]);
  });
  const next = transaction(db, async (tx) => {
    await tx`insert into notes (id) values (3)`;
    throw new Error("changed its mind");
  });
  await expect(lost).rejects.toThrow();
  await expect(next).rejects.toThrow("changed its mind");
  expect(await noted()).toEqual([]);
});

test("a failure that the body swallows keeps nothing and is told", async () => {
  const swallowed = transaction(db, async (tx) => {
    await tx`insert into notes (id) values (1)`;
    await Promise.allSettled([tx`insert into notes (id) values (1)`]);
  });
  await expect(swallowed).rejects.toThrow("failed unnoticed");
  expect(await noted()).toEqual([]);
});

test("last statements travel with the commit: all of them are kept, or none where one fails, and none may wait for another", async () => {
  const answer = await transaction(db, async (tx) => {
    await tx`insert into notes (id) values (1)`;
    return last(async () => (await Promise.all([tx`insert into notes (id) values (2) returning id`, tx`insert into notes (id) values (3)`]))[0]);
  });
  expect(answer).toEqual([{ id: 2 }]);
  const failing = transaction(db, async (tx) =>
    last(async () => await Promise.all([tx`insert into notes (id) values (4)`, tx`insert into notes (id) values (1)`])),
  );
  await expect(failing).rejects.toThrow("duplicate key");
  const waiting = transaction(db, async (tx) =>
    last(async () => {
      await tx`select 1`;
      await tx`insert into notes (id) values (5)`;
    }),
  );
  await expect(waiting).rejects.toThrow("after the end of its transaction");
  await transaction(db, async (tx) => {
    await tx`insert into notes (id) values (6)`;
  });
  expect(await noted()).toEqual([1, 2, 3, 6]);
});

test("of statements that travel together all are kept, or none where one fails, and the connection is left clean", async () => {
  const insert = async (reader: Reader, ...ids: number[]) => await Promise.all(ids.map((id) => reader`insert into notes (id) values (${id})`));
  await expect(together(db, async (reader) => await insert(reader, 1, 2, 2, 3))).rejects.toThrow("duplicate key");
  await together(db, async (reader) => await insert(reader, 4, 5));
  expect(await together(db, async (reader) => await reader`select id from notes order by id`)).toEqual([{ id: 4 }, { id: 5 }]);
});

test("a statement that failed can be sent again on its connection, whether it failed before or after it was prepared", async () => {
  const readText = () => db<{ text: string }[]>`select text from later where id = ${1}`;
  await expect(async () => await readText()).rejects.toThrow("does not exist");
  await db`create table later (id int, text text)`;
  await db`insert into later values (1, 'there')`;
  expect(await readText()).toEqual([{ text: "there" }]);
  const divide = (by: number) => db<{ result: number }[]>`select 6 / ${by}::int as result`;
  await expect(async () => await divide(0)).rejects.toThrow("division by zero");
  expect(await divide(3)).toEqual([{ result: 2 }]);
  // What a statement answers may change under it.
  const readAll = () => db`select * from later`;
  expect(await readAll()).toEqual([{ id: 1, text: "there" }]);
  await db`alter table later add column more int default 7`;
  await expect(async () => await readAll()).rejects.toThrow("cached plan");
  expect(await readAll()).toEqual([{ id: 1, text: "there", more: 7 }]);
  await db`drop table later`;
});

test("each of many statements that were sent at once gets its own answer", async () => {
  const answers = await together(db, async (reader) => await Promise.all(Array.from({ length: 300 }, (_, i) => reader`select ${i}::int as i, null as none`)));
  expect(answers.map(([row]) => row)).toEqual(Array.from({ length: 300 }, (_, i) => ({ i, none: null })));
  const [none, some] = await together(
    db,
    async (reader) => await Promise.all([reader`update notes set flag = true where id < 0`, reader`select 1 as one where ${false}`]),
  );
  expect([none.count, none.length, some.count, some.length]).toEqual([0, 0, 0, 0]);
});

test("of two transactions in turn the second sees what the first left, and what fails in one is not kept of it alone", async () => {
  const insert = (id: number) => async (tx: Tx) => last(async () => [await tx`insert into notes (id) values (${id})`]);
  const [, seen] = await inTurn(db, insert(1), async (tx, first) => {
    const rows = await tx<{ id: number }[]>`select id from notes`;
    await first;
    await tx`insert into notes (id) values (2)`;
    return rows.map((row) => row.id);
  });
  expect(seen).toEqual([1]);

  let wrote = false;
  const refused = inTurn(db, insert(1), async (tx, first) => {
    await tx`select 1`;
    await first;
    wrote = true;
    await tx`insert into notes (id) values (3)`;
  });
  await expect(refused).rejects.toThrow("duplicate key");
  expect(wrote).toBe(false);

  const late = inTurn(db, insert(4), async (tx, first) => {
    await first;
    await tx`insert into notes (id) values (1)`;
  });
  await expect(late).rejects.toThrow("duplicate key");
  const thrown = inTurn(db, insert(5), async () => {
    throw new Error("changed its mind");
  });
  await expect(thrown).rejects.toThrow("changed its mind");
  // Also a first one that commits on its own.
  await inTurn(
    db,
    async (tx) => void (await tx`insert into notes (id) values (6)`),
    async (tx) => void (await tx`insert into notes (id) values (7)`),
  );
  expect(await noted()).toEqual([1, 2, 4, 5, 6, 7]);
});

test("a connection that dies in either of two in turn keeps what was committed, and nothing waits for ever", async () => {
  const dieIn = async (which: 1 | 2) =>
    await inTurn(
      db,
      async (tx) => {
        await tx`insert into notes (id) values (${which})`;
        if (which === 1) await kill(tx);
        return last(async () => [await tx`select 1`]);
      },
      async (tx, first) => {
        await tx`select 1`;
        await first;
        await tx`insert into notes (id) values (${10 + which})`;
        if (which === 2) await kill(tx);
        await tx`select 1`;
      },
    );
  await expect(dieIn(1)).rejects.toThrow();
  await expect(dieIn(2)).rejects.toThrow();
  expect(await noted()).toEqual([2]);
  expect(uncaught).toEqual([]);
});

test("of two in turn one that meets a deadlock is run again, and the other is not", async () => {
  const wide = openDatabase(opened.url, { connectionsMax: 2 });
  await opened.db`insert into notes (id) values (1), (2)`;
  const firsts: number[] = [];
  const cross = async (own: number, other: number) =>
    await inTurn(
      wide,
      async (tx) => {
        firsts.push(own);
        return last(async () => [await tx`insert into notes (id) values (${10 + own})`]);
      },
      async (tx, first) => {
        await first;
        await tx`update notes set flag = true where id = ${own}`;
        await sleep(100);
        await tx`update notes set flag = true where id = ${other}`;
      },
    );
  await Promise.all([cross(1, 2), cross(2, 1)]);
  expect(firsts.toSorted()).toEqual([1, 2]);
  expect(await noted()).toEqual([1, 2, 11, 12]);
  await wide.end();
});

test("two that wait for each other are both done in the end", async () => {
  const two = openDatabase(opened.url, { connectionsMax: 2 });
  try {
    await two`insert into notes (id, text) values (1, ''), (2, '')`;
    const append = async (first: number, second: number) =>
      await transaction(two, async (tx) => {
        await tx`update notes set text = text || 'x' where id = ${first}`;
        await sleep(30);
        await tx`update notes set text = text || 'x' where id = ${second}`;
      });
    await Promise.all([append(1, 2), append(2, 1)]);
    expect(await two`select text from notes order by id`).toEqual([{ text: "xx" }, { text: "xx" }]);
  } finally {
    await two.end();
  }
});

test("only the relaxed durability turns synchronous commit off, and only for its transaction", async () => {
  const setting = async (reader: Reader) => (await reader<{ synchronous_commit: string }[]>`show synchronous_commit`)[0]?.synchronous_commit;
  const before = await setting(db);
  expect(await transaction(db, setting, "relaxed")).toBe("off");
  expect(await transaction(db, setting)).toBe(before);
});

test("values arrive as they were given", async () => {
  const at = new Date("2026-02-03T04:05:06.789Z");
  const row = { id: 1, text: "a'b\"c\\d", at, big: 2n ** 60n, flag: true, bytes: new Uint8Array([0, 255]), data: db.json({ list: [1, "two"], none: null }) };
  await db`insert into notes ${db([row, { ...row, id: 2, text: null, at: null, big: null, flag: false, bytes: null, data: db.json("text") }])}`;
  const [first, second] = await db`select * from notes order by id`;
  expect(first).toEqual({ ...row, bytes: Buffer.from([0, 255]), data: { list: [1, "two"], none: null } });
  expect(second).toEqual({ id: 2, text: null, at: null, big: null, flag: false, bytes: null, data: "text" });
  const lists = { numbers: [1, 2], texts: ['a,"b"', "{}", null], bigs: [5n, -6n], none: [] };
  const [arrays] =
    await db`select ${lists.numbers}::int[] as numbers, ${lists.texts}::text[] as texts, ${lists.bigs}::bigint[] as bigs, ${lists.none}::bigint[] as none`;
  expect(arrays).toEqual(lists);
});

test("a template in a template is a part of it, and a hostile value stays a value", async () => {
  const hostile = "'; drop table notes; --";
  await db`insert into notes (id, text) values (1, ${hostile}), (2, 'two')`;
  const only = (text: string | null) => (text === null ? db`` : db`and text = ${text}`);
  expect(await db`select id from notes where id > ${0} ${only(hostile)} order by ${db("id")}`).toEqual([{ id: 1 }]);
  expect((await db`update notes set text = 'x' where true ${only(null)}`).count).toBe(2);
  await expect(async () => await db`select ${undefined}`).rejects.toThrow("undefined");
  await expect(async () => await db`select * from ${db('notes"; drop table notes; --')}`).rejects.toThrow("does not exist");
  expect(await noted()).toEqual([1, 2]);
});
