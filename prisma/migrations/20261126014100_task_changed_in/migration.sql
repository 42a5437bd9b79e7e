-- AlterTable
ALTER TABLE "task" ADD COLUMN "changedIn" BIGINT NOT NULL DEFAULT 0;

-- CreateIndex
CREATE INDEX "task_ownerId_changedIn_idx" ON "task"("ownerId", "changedIn");

-- Numbers from a sequence would not be committed in their order, so that a reader could miss one. Of transactions
-- it is known which may still be under way: all those from pg_snapshot_xmin on.
CREATE FUNCTION note_transaction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW."changedIn" := pg_current_xact_id()::text::bigint;
  RETURN NEW;
END $$;

CREATE TRIGGER task_added_in BEFORE INSERT ON "task" FOR EACH ROW EXECUTE FUNCTION note_transaction();
-- As with its version: that somebody has seen the end of a task is no news.
CREATE TRIGGER task_changed_in BEFORE UPDATE ON "task" FOR EACH ROW
  WHEN (NOT (OLD."seenAt" IS NULL AND NEW."seenAt" IS NOT NULL)) EXECUTE FUNCTION note_transaction();
