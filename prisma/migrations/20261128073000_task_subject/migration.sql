-- AlterTable
ALTER TABLE "task" ADD COLUMN     "subjectId" UUID,
ADD COLUMN     "subjectType" TEXT;

-- Not a change that clients should see: no new version, no notification.
ALTER TABLE "task" DISABLE TRIGGER USER;
UPDATE "task" SET "subjectType" = 'video', "subjectId" = "videoId" WHERE "videoId" IS NOT NULL;
UPDATE "task" SET "subjectType" = 'machine', "subjectId" = "machineId" WHERE "machineId" IS NOT NULL;
ALTER TABLE "task" ENABLE TRIGGER USER;

-- CreateIndex
CREATE INDEX "task_subjectType_subjectId_idx" ON "task"("subjectType", "subjectId");

-- "videoId" and "machineId" carry the foreign keys of the subject types that have one. Processes of the previous
-- version write only these two columns.
CREATE FUNCTION fill_task_subject() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW."subjectId" IS NULL THEN
    NEW."subjectId" := coalesce(NEW."videoId", NEW."machineId");
    NEW."subjectType" := CASE WHEN NEW."videoId" IS NOT NULL THEN 'video' WHEN NEW."machineId" IS NOT NULL THEN 'machine' END;
  ELSIF NEW."subjectType" = 'video' THEN
    NEW."videoId" := NEW."subjectId";
  ELSIF NEW."subjectType" = 'machine' THEN
    NEW."machineId" := NEW."subjectId";
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER task_subject BEFORE INSERT ON "task" FOR EACH ROW EXECUTE FUNCTION fill_task_subject();
