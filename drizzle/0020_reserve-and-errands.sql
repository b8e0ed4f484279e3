CREATE TABLE "errands" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"account_id" uuid NOT NULL,
	"group_id" uuid NOT NULL,
	"shard_no" integer NOT NULL,
	"round" smallint DEFAULT 0 NOT NULL,
	"digest" text,
	"run" jsonb,
	"attempts" smallint DEFAULT 0 NOT NULL,
	"device_id" uuid,
	"deadline_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"ended" jsonb,
	"accepted" boolean,
	"output" "bytea",
	"output_sha256" text
);
--> statement-breakpoint
CREATE TABLE "reserved_pay" (
	"device_id" uuid NOT NULL,
	"seq" bigint GENERATED ALWAYS AS IDENTITY (sequence name "reserved_pay_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"job_id" uuid NOT NULL,
	"payments" integer NOT NULL,
	"price_micro" bigint NOT NULL,
	CONSTRAINT "reserved_pay_device_id_seq_pk" PRIMARY KEY("device_id","seq")
);
--> statement-breakpoint
CREATE INDEX "errands_waiting" ON "errands" USING btree ("kind","created_at") WHERE state in ('open', 'taken');--> statement-breakpoint
CREATE UNIQUE INDEX "errands_verify" ON "errands" USING btree ("group_id","shard_no","round","digest") WHERE kind = 'verify';--> statement-breakpoint
CREATE UNIQUE INDEX "errands_reduce" ON "errands" USING btree ("group_id") WHERE kind = 'reduce' and state in ('open', 'taken');--> statement-breakpoint
CREATE INDEX "errands_group" ON "errands" USING btree ("group_id","shard_no");--> statement-breakpoint
CREATE INDEX "errands_account" ON "errands" USING btree ("account_id","created_at") WHERE kind = 'trial';--> statement-breakpoint
CREATE INDEX "reserved_pay_job" ON "reserved_pay" USING btree ("job_id");