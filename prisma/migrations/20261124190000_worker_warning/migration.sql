-- AlterTable
ALTER TABLE "worker_beat" ADD COLUMN "warning" TEXT;
