-- AlterTable
ALTER TABLE "task" ADD COLUMN     "stageSource" JSONB;

-- AlterTable
ALTER TABLE "mail_note" ADD COLUMN     "detailSource" JSONB;

-- AlterTable
ALTER TABLE "machine_event" ADD COLUMN     "detailSource" JSONB;

-- AlterTable
ALTER TABLE "webhook_attempt" ADD COLUMN     "errorSource" JSONB;

-- AlterTable
ALTER TABLE "caption" ADD COLUMN     "noteSource" JSONB;
