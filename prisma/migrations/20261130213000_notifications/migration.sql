-- AlterTable
ALTER TABLE "mail_note" ADD COLUMN     "isForMail" BOOLEAN NOT NULL DEFAULT true,
ADD COLUMN     "isInApp" BOOLEAN NOT NULL DEFAULT true,
ADD COLUMN     "readAt" TIMESTAMP(3),
ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "notification_settings" ADD COLUMN     "mutedInApp" TEXT[],
ADD COLUMN     "mutedPush" TEXT[];

-- CreateIndex
CREATE INDEX "mail_note_ownerId_id_idx" ON "mail_note"("ownerId", "id" DESC);


-- What users were notified of before is not new to them.
UPDATE "mail_note" SET "readAt" = "createdAt";

-- The name that pages know a table by may differ from that of the table.
CREATE OR REPLACE FUNCTION tell_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  row_now record;
BEGIN
  IF TG_OP = 'DELETE' THEN row_now := OLD; ELSE row_now := NEW; END IF;
  PERFORM pg_notify('meanwhile_changes', json_build_object(
    'type', coalesce(TG_ARGV[0], TG_TABLE_NAME), 'id', row_now.id, 'ownerId', row_now."ownerId",
    'version', row_now.version, 'gone', TG_OP = 'DELETE')::text);
  RETURN NULL;
END $$;

-- Pages do not show what the mailing of a notification changes.
CREATE TRIGGER mail_note_version BEFORE UPDATE OF "readAt" ON "mail_note" FOR EACH ROW EXECUTE FUNCTION raise_version();
CREATE TRIGGER mail_note_change AFTER INSERT OR DELETE OR UPDATE OF "readAt" ON "mail_note" FOR EACH ROW
  EXECUTE FUNCTION tell_change('notification');
