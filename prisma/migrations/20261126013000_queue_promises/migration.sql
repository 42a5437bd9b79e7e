-- CreateEnum
CREATE TYPE "RedriveState" AS ENUM ('trial', 'following', 'done', 'stopped');

-- DropIndex
DROP INDEX "task_queue_state_queuedAt_idx";

-- AlterTable
ALTER TABLE "task" ADD COLUMN     "cause" TEXT,
ADD COLUMN     "deaths" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "discardReason" TEXT,
ADD COLUMN     "discardedAt" TIMESTAMP(3),
ADD COLUMN     "priority" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "redriveId" UUID,
ADD COLUMN     "round" INTEGER,
ADD COLUMN     "seenAt" TIMESTAMP(3);

-- AlterTable
ALTER TABLE "worker_beat" ADD COLUMN     "hostname" TEXT,
ADD COLUMN     "pid" INTEGER,
ADD COLUMN     "startedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- CreateTable
CREATE TABLE "task_attempt" (
    "id" BIGSERIAL NOT NULL,
    "taskId" UUID NOT NULL,
    "claim" INTEGER NOT NULL,
    "attempt" INTEGER NOT NULL,
    "queue" TEXT NOT NULL,
    "workerId" TEXT NOT NULL,
    "waitSeconds" DOUBLE PRECISION NOT NULL,
    "startedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "endedAt" TIMESTAMP(3),
    "outcome" TEXT,
    "error" JSONB,

    CONSTRAINT "task_attempt_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "queue_control" (
    "queue" TEXT NOT NULL,
    "pausedAt" TIMESTAMP(3),
    "pausedBy" TEXT,
    "nextStartAt" TIMESTAMPTZ(6),

    CONSTRAINT "queue_control_pkey" PRIMARY KEY ("queue")
);

-- CreateTable
CREATE TABLE "queue_minute" (
    "queue" TEXT NOT NULL,
    "minute" TIMESTAMP(3) NOT NULL,
    "arrived" INTEGER NOT NULL,
    "done" INTEGER NOT NULL,
    "failed" INTEGER NOT NULL,
    "returned" INTEGER NOT NULL,
    "waits" INTEGER[],
    "runs" INTEGER[],
    "waitSeconds" DOUBLE PRECISION NOT NULL,
    "runSeconds" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "queue_minute_pkey" PRIMARY KEY ("queue","minute")
);

-- CreateTable
CREATE TABLE "queue_total" (
    "queue" TEXT NOT NULL,
    "arrived" BIGINT NOT NULL,
    "done" BIGINT NOT NULL,
    "failed" BIGINT NOT NULL,
    "returned" BIGINT NOT NULL,
    "waits" BIGINT[],
    "runs" BIGINT[],
    "waitSeconds" DOUBLE PRECISION NOT NULL,
    "runSeconds" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "queue_total_pkey" PRIMARY KEY ("queue")
);

-- CreateTable
CREATE TABLE "redrive" (
    "id" UUID NOT NULL,
    "state" "RedriveState" NOT NULL,
    "trialTaskId" UUID,
    "total" INTEGER NOT NULL,
    "byId" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "endedAt" TIMESTAMP(3),

    CONSTRAINT "redrive_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "task_attempt_startedAt_idx" ON "task_attempt"("startedAt");

-- CreateIndex
CREATE INDEX "task_attempt_endedAt_idx" ON "task_attempt"("endedAt");

-- CreateIndex
CREATE INDEX "task_attempt_workerId_idx" ON "task_attempt"("workerId");

-- CreateIndex
CREATE UNIQUE INDEX "task_attempt_taskId_claim_key" ON "task_attempt"("taskId", "claim");

-- CreateIndex
CREATE INDEX "queue_minute_minute_idx" ON "queue_minute"("minute");

-- CreateIndex
CREATE INDEX "redrive_state_idx" ON "redrive"("state");

-- CreateIndex
CREATE INDEX "redrive_trialTaskId_idx" ON "redrive"("trialTaskId");

-- CreateIndex
CREATE INDEX "task_queue_state_round_idx" ON "task"("queue", "state", "round");

-- CreateIndex
CREATE INDEX "task_queue_ownerId_round_idx" ON "task"("queue", "ownerId", "round");

-- CreateIndex
CREATE INDEX "task_state_finishedAt_idx" ON "task"("state", "finishedAt");

-- CreateIndex
CREATE INDEX "task_redriveId_idx" ON "task"("redriveId");

-- AddForeignKey
ALTER TABLE "task" ADD CONSTRAINT "task_redriveId_fkey" FOREIGN KEY ("redriveId") REFERENCES "redrive"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "task_attempt" ADD CONSTRAINT "task_attempt_taskId_fkey" FOREIGN KEY ("taskId") REFERENCES "task"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Fairness (docs/decisions/0009). A task gets its round when it gets its job: not before the queue's current
-- round, and one after the newest that its owner has in that queue. So ten thousand tasks of one person
-- spread over ten thousand rounds, and another one's first is next.
CREATE FUNCTION take_round() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  current_round integer;
  own_round integer;
  beside integer := 0;
BEGIN
  IF NEW.state = 'canceled' THEN
    -- What never started has used no turn.
    IF NEW."startedAt" IS NULL THEN NEW.round := NULL; END IF;
    RETURN NEW;
  END IF;
  IF NEW."jobId" IS NULL OR NEW.state <> 'queued' AND TG_OP = 'UPDATE' AND NEW.queue = OLD.queue THEN
    RETURN NEW;
  END IF;
  -- By the clock of the database: those of web and worker may differ.
  IF TG_OP = 'INSERT' OR OLD."jobId" IS NULL THEN NEW."queuedAt" := now() AT TIME ZONE 'UTC'; END IF;
  -- Tried again by itself, or handed over: it keeps its place.
  IF TG_OP = 'UPDATE' AND NEW.round IS NOT NULL AND NEW.queue = OLD.queue THEN RETURN NEW; END IF;
  -- Others that this person asks for at this moment are not seen yet: each takes another seat beside them.
  WHILE beside < 64 AND NOT pg_try_advisory_xact_lock(hashtext(NEW.queue || ' ' || NEW."ownerId"), beside) LOOP
    beside := beside + 1;
  END LOOP;
  SELECT round INTO current_round FROM task
    WHERE queue = NEW.queue AND state = 'queued' AND round IS NOT NULL AND "startedAt" IS NULL AND id <> NEW.id
    ORDER BY round LIMIT 1;
  IF current_round IS NULL THEN
    -- State by state: an index of all rounds of a queue would tempt the planner below.
    SELECT max(highest.round) INTO current_round FROM unnest(enum_range(NULL::"TaskState")) one CROSS JOIN LATERAL (
      SELECT round FROM task WHERE queue = NEW.queue AND state = one AND round IS NOT NULL AND id <> NEW.id
      ORDER BY round DESC LIMIT 1
    ) highest;
  END IF;
  SELECT round INTO own_round FROM task
    WHERE queue = NEW.queue AND "ownerId" = NEW."ownerId" AND round IS NOT NULL AND id <> NEW.id
    ORDER BY round DESC LIMIT 1;
  NEW.round := greatest(coalesce(current_round, 0), coalesce(own_round + 1, 0)) + beside;
  RETURN NEW;
END $$;

CREATE TRIGGER task_round BEFORE INSERT OR UPDATE OF "jobId", state, queue ON "task"
  FOR EACH ROW EXECUTE FUNCTION take_round();

-- That a browser has seen the end of a task is no news to any browser.
DROP TRIGGER task_version ON "task";
DROP TRIGGER task_change ON "task";
CREATE TRIGGER task_version BEFORE UPDATE ON "task" FOR EACH ROW
  WHEN (NOT (OLD."seenAt" IS NULL AND NEW."seenAt" IS NOT NULL)) EXECUTE FUNCTION raise_version();
CREATE TRIGGER task_change AFTER INSERT OR DELETE ON "task" FOR EACH ROW EXECUTE FUNCTION tell_change();
CREATE TRIGGER task_changed AFTER UPDATE ON "task" FOR EACH ROW
  WHEN (NOT (OLD."seenAt" IS NULL AND NEW."seenAt" IS NOT NULL)) EXECUTE FUNCTION tell_change();
