-- AlterTable
ALTER TABLE "caption" ADD COLUMN     "isReplacing" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "caption_chunk" (
    "captionId" UUID NOT NULL,
    "startSeconds" DOUBLE PRECISION NOT NULL,
    "endSeconds" DOUBLE PRECISION NOT NULL,
    "language" TEXT,
    "cues" JSONB NOT NULL,

    CONSTRAINT "caption_chunk_pkey" PRIMARY KEY ("captionId","startSeconds")
);

-- AddForeignKey
ALTER TABLE "caption_chunk" ADD CONSTRAINT "caption_chunk_captionId_fkey" FOREIGN KEY ("captionId") REFERENCES "caption"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE OR REPLACE FUNCTION take_round() RETURNS trigger LANGUAGE plpgsql AS $$
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
  -- Background tasks take no rounds, and so neither delay nor postpone others of the same owner.
  IF NEW.priority <= -2000000000 THEN RETURN NEW; END IF;
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
