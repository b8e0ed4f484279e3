import { bigint, index, integer, pgTable, primaryKey, uuid } from "drizzle-orm/pg-core";

/** The last payments of each device, the newest with the largest number: they stay `pending` in the books of their jobs until newer ones push them out. */
export const reservedPay = pgTable(
  "reserved_pay",
  {
    deviceId: uuid("device_id").notNull(),
    seq: bigint("seq", { mode: "number" }).notNull().generatedAlwaysAsIdentity(),
    jobId: uuid("job_id").notNull(),
    /** Replicas of the job, each of which was paid its price. */
    payments: integer("payments").notNull(),
    priceMicro: bigint("price_micro", { mode: "bigint" }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.deviceId, t.seq] }), index("reserved_pay_job").on(t.jobId)],
);
