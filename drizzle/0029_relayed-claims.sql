CREATE TABLE "relayed_claims" (
	"chain_id" integer NOT NULL,
	"account_id" uuid NOT NULL,
	"already_paid_micro" bigint NOT NULL,
	"amount_micro" bigint NOT NULL,
	"fee_micro" bigint NOT NULL,
	"raw_tx" text NOT NULL,
	"tx_hash" text NOT NULL,
	"sent_at" timestamp with time zone NOT NULL,
	CONSTRAINT "relayed_claims_chain_id_account_id_already_paid_micro_pk" PRIMARY KEY("chain_id","account_id","already_paid_micro")
);
