-- AlterTable
ALTER TABLE "machine_snapshot" ADD COLUMN     "leastMemoryMiB" INTEGER NOT NULL DEFAULT 128;
