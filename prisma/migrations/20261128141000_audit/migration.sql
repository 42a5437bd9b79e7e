-- CreateEnum
CREATE TYPE "AuditActorKind" AS ENUM ('session', 'key', 'system');

-- CreateEnum
CREATE TYPE "AuditOutcome" AS ENUM ('success', 'failure');

-- CreateTable
CREATE TABLE "audit_entry" (
    "id" UUID NOT NULL,
    "at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actorId" TEXT,
    "actorEmail" TEXT,
    "actorKind" "AuditActorKind" NOT NULL,
    "address" TEXT,
    "userAgent" TEXT,
    "action" TEXT NOT NULL,
    "subjectType" TEXT,
    "subjectId" TEXT,
    "outcome" "AuditOutcome" NOT NULL DEFAULT 'success',
    "detail" JSONB,

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "audit_entry_at_idx" ON "audit_entry"("at");

-- CreateIndex
CREATE INDEX "audit_entry_actorId_id_idx" ON "audit_entry"("actorId", "id" DESC);

-- CreateIndex
CREATE INDEX "audit_entry_action_id_idx" ON "audit_entry"("action", "id" DESC);

-- Append-only. Only retention deletes: in a transaction that sets "meanwhile.audit_retention_days", rows older than that
-- many days and in no case younger than 30 days.
CREATE FUNCTION protect_audit_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  retention_days integer := nullif(current_setting('meanwhile.audit_retention_days', true), '')::integer;
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.at < now() - make_interval(days => greatest(30, retention_days)) AND retention_days IS NOT NULL THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE ON "audit_entry" FOR EACH ROW EXECUTE FUNCTION protect_audit_entry();
CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON "audit_entry" FOR EACH STATEMENT EXECUTE FUNCTION protect_audit_entry();
