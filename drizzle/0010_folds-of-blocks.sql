CREATE TABLE "job_folds" (
	"job_id" uuid NOT NULL,
	"block_no" integer NOT NULL,
	"shards" integer NOT NULL,
	"state" "bytea" NOT NULL,
	CONSTRAINT "job_folds_job_id_block_no_pk" PRIMARY KEY("job_id","block_no")
);
