-- AlterTable
ALTER TABLE "machine_port" ADD COLUMN     "openedAt" TIMESTAMP(3);

-- Ports of the previous version are not refused for good when another program uses them.
UPDATE "machine_port" SET "openedAt" = "createdAt";
