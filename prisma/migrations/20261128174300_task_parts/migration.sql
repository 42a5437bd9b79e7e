-- A task can consist of parts: tasks that workers execute concurrently (lib/tasks/parts.ts).
ALTER TABLE "task" ADD COLUMN "partOfId" UUID, ADD COLUMN "weight" DOUBLE PRECISION;
ALTER TABLE "task" ADD CONSTRAINT "task_partOfId_fkey" FOREIGN KEY ("partOfId") REFERENCES "task"("id") ON DELETE CASCADE ON UPDATE CASCADE;
CREATE INDEX "task_partOfId_state_idx" ON "task"("partOfId", "state");
