-- Searches for a part of a text read an index instead of every row.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- What a task is found by, beside its kind and the title of its subject; null for most tasks.
ALTER TABLE "task" ADD COLUMN "searchText" TEXT;
CREATE FUNCTION task_search_text("error" jsonb, detail jsonb, cause text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT nullif(concat_ws(' ', "error"->>'message', detail->>'filename', cause), '')
$$;
CREATE FUNCTION fill_task_search_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW."searchText" := task_search_text(NEW.error, NEW.detail, NEW.cause);
  RETURN NEW;
END $$;
CREATE TRIGGER task_search_text BEFORE INSERT OR UPDATE OF error, detail, cause ON "task" FOR EACH ROW
  EXECUTE FUNCTION fill_task_search_text();

ALTER TABLE "audit_entry" ADD COLUMN "searchText" TEXT;
CREATE FUNCTION audit_search_text(entry "audit_entry") RETURNS text LANGUAGE sql STABLE AS $$
  SELECT concat_ws(' ', entry."subjectType", entry."subjectId", entry.address, entry."userAgent", entry.action, entry.detail)
$$;
CREATE FUNCTION fill_audit_search_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW."searchText" := audit_search_text(NEW);
  RETURN NEW;
END $$;
CREATE TRIGGER audit_entry_search_text BEFORE INSERT ON "audit_entry" FOR EACH ROW EXECUTE FUNCTION fill_audit_search_text();

-- Not a change that clients should see: no new version, no notification.
ALTER TABLE "task" DISABLE TRIGGER USER;
UPDATE "task" SET "searchText" = task_search_text(error, detail, cause)
  WHERE task_search_text(error, detail, cause) IS NOT NULL;
ALTER TABLE "task" ENABLE TRIGGER USER;
ALTER TABLE "audit_entry" DISABLE TRIGGER USER;
UPDATE "audit_entry" SET "searchText" = audit_search_text("audit_entry");
ALTER TABLE "audit_entry" ENABLE TRIGGER USER;

-- CreateIndex
CREATE INDEX "audit_entry_searchText_idx" ON "audit_entry" USING GIN ("searchText" gin_trgm_ops);

-- CreateIndex
CREATE INDEX "machine_name_idx" ON "machine" USING GIN ("name" gin_trgm_ops);

-- CreateIndex
CREATE INDEX "task_searchText_idx" ON "task" USING GIN ("searchText" gin_trgm_ops);

-- CreateIndex
CREATE INDEX "video_title_idx" ON "video" USING GIN ("title" gin_trgm_ops);
