-- Tasks that are enqueued together get their rounds together: looking them up again for each row took most of the time.

-- The rounds of the next tasks of an owner in a queue, in their order. `except_task` is left out of what is there. Each lookup
-- is one step of the index that has its order: a plan that was made while the table had few rows would read and sort them all.
CREATE FUNCTION take_rounds(of_queue text, of_owner text, amount integer, except_task uuid DEFAULT NULL)
  RETURNS integer[] LANGUAGE plpgsql SET enable_sort = off SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
  current_round integer;
  own_round integer;
  first_round integer;
  beside integer := 0;
BEGIN
  -- Others that this owner enqueues at this moment are not seen yet: each transaction takes another seat beside them.
  WHILE beside < 64 AND NOT pg_try_advisory_xact_lock(hashtext(of_queue || ' ' || of_owner), beside) LOOP
    beside := beside + 1;
  END LOOP;
  SELECT round INTO current_round FROM task
    WHERE queue = of_queue AND state = 'queued' AND round IS NOT NULL AND "startedAt" IS NULL
      AND id IS DISTINCT FROM except_task
    ORDER BY round LIMIT 1;
  IF current_round IS NULL THEN
    -- State by state: an index of all rounds of a queue would tempt the planner below.
    SELECT max(highest.round) INTO current_round FROM unnest(enum_range(NULL::"TaskState")) one CROSS JOIN LATERAL (
      SELECT round FROM task WHERE queue = of_queue AND state = one AND round IS NOT NULL AND id IS DISTINCT FROM except_task
      ORDER BY round DESC LIMIT 1
    ) highest;
  END IF;
  SELECT round INTO own_round FROM task
    WHERE queue = of_queue AND "ownerId" = of_owner AND round IS NOT NULL AND id IS DISTINCT FROM except_task
    ORDER BY round DESC LIMIT 1;
  first_round := greatest(coalesce(current_round, 0), coalesce(own_round + 1, 0)) + beside;
  RETURN ARRAY(SELECT generate_series(first_round, first_round + (amount - 1) * (beside + 1), beside + 1));
END $$;

CREATE OR REPLACE FUNCTION take_round() RETURNS trigger LANGUAGE plpgsql AS $$
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
  -- Taken with those of other tasks by the statement that inserts it.
  IF TG_OP = 'INSERT' AND NEW.round IS NOT NULL THEN RETURN NEW; END IF;
  -- Tried again by itself, or handed over: it keeps its place.
  IF TG_OP = 'UPDATE' AND NEW.round IS NOT NULL AND NEW.queue = OLD.queue THEN RETURN NEW; END IF;
  NEW.round := (take_rounds(NEW.queue, NEW."ownerId", 1, NEW.id))[1];
  RETURN NEW;
END $$;

-- Most internal tasks have no subject.
DROP TRIGGER task_subject ON "task";
CREATE TRIGGER task_subject BEFORE INSERT ON "task" FOR EACH ROW
  WHEN (NEW."subjectId" IS NOT NULL OR NEW."videoId" IS NOT NULL OR NEW."machineId" IS NOT NULL)
  EXECUTE FUNCTION fill_task_subject();
