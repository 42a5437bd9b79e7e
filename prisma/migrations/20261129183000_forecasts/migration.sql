-- CreateTable
CREATE TABLE "run_sample" (
    "id" BIGINT NOT NULL,
    "kind" TEXT NOT NULL,
    "subjectId" UUID,
    "size" DOUBLE PRECISION NOT NULL,
    "seconds" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "run_sample_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "run_sample_kind_id_idx" ON "run_sample"("kind", "id");

-- Rows are replaced often; with space in their pages, indexes are not updated.
CREATE TABLE "task_forecast" (
    "taskId" UUID NOT NULL,
    "computedAt" TIMESTAMPTZ(3) NOT NULL,
    "startsAt" TIMESTAMPTZ(3),
    "endsAt" TIMESTAMPTZ(3) NOT NULL,
    "endsFrom" TIMESTAMPTZ(3) NOT NULL,
    "endsUntil" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "task_forecast_pkey" PRIMARY KEY ("taskId")
) WITH (fillfactor = 50);

-- Estimates of these tasks are forecasts now.
UPDATE "task" SET "etaSeconds" = NULL WHERE "kind" LIKE 'video.%' AND "etaSeconds" IS NOT NULL;
