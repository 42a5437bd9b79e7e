-- CreateEnum
CREATE TYPE "MachineState" AS ENUM ('pending', 'running', 'stopping', 'stopped', 'starting', 'rebooting', 'terminating', 'terminated', 'failed');

-- CreateEnum
CREATE TYPE "MachineDesire" AS ENUM ('running', 'stopped', 'terminated');

-- CreateEnum
CREATE TYPE "MachineNetwork" AS ENUM ('none', 'outbound');

-- DropIndex
DROP INDEX "task_kind_state_queuedAt_idx";

-- AlterTable
ALTER TABLE "task" ADD COLUMN     "machineId" UUID,
ADD COLUMN     "queue" TEXT;

-- Until now every kind had one queue, of its own name.
UPDATE "task" SET "queue" = "kind";
ALTER TABLE "task" ALTER COLUMN "queue" SET NOT NULL;

-- CreateTable
CREATE TABLE "machine" (
    "id" UUID NOT NULL,
    "ownerId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "image" TEXT NOT NULL,
    "sizeName" TEXT NOT NULL,
    "cpus" INTEGER NOT NULL,
    "memoryMiB" INTEGER NOT NULL,
    "diskMiB" INTEGER NOT NULL,
    "userData" TEXT,
    "sshKeys" TEXT[],
    "tags" TEXT[],
    "network" "MachineNetwork" NOT NULL,
    "state" "MachineState" NOT NULL DEFAULT 'pending',
    "desired" "MachineDesire" NOT NULL DEFAULT 'running',
    "hostId" TEXT,
    "expiresAt" TIMESTAMP(3),
    "autoStopMinutes" INTEGER,
    "isProtected" BOOLEAN NOT NULL DEFAULT false,
    "isKeptRunning" BOOLEAN NOT NULL DEFAULT false,
    "startedAt" TIMESTAMP(3),
    "terminatedAt" TIMESTAMP(3),
    "error" JSONB,
    "version" INTEGER NOT NULL DEFAULT 1,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "machine_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "machine_order" (
    "number" SERIAL NOT NULL,
    "ownerId" TEXT NOT NULL,
    "machineId" UUID NOT NULL,
    "taskId" UUID NOT NULL,
    "idempotencyKey" TEXT,
    "requestHash" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "machine_order_pkey" PRIMARY KEY ("number")
);

-- CreateTable
CREATE TABLE "machine_event" (
    "id" BIGSERIAL NOT NULL,
    "machineId" UUID NOT NULL,
    "actorId" TEXT,
    "action" TEXT NOT NULL,
    "detail" TEXT,
    "at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "machine_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "console_token" (
    "hash" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "machineId" UUID NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "console_token_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "machine_snapshot" (
    "id" UUID NOT NULL,
    "ownerId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "hostId" TEXT NOT NULL,
    "machineId" UUID NOT NULL,
    "cpus" INTEGER NOT NULL,
    "memoryMiB" INTEGER NOT NULL,
    "diskMiB" INTEGER NOT NULL,
    "state" "TaskState" NOT NULL DEFAULT 'queued',
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "machine_snapshot_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "machine_host" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "workerPid" INTEGER NOT NULL,
    "seenAt" TIMESTAMP(3) NOT NULL,
    "lostAt" TIMESTAMP(3),
    "consoleUrl" TEXT NOT NULL,
    "facts" JSONB NOT NULL,
    "images" JSONB NOT NULL,

    CONSTRAINT "machine_host_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "machine_ownerId_createdAt_idx" ON "machine"("ownerId", "createdAt" DESC);

-- CreateIndex
CREATE INDEX "machine_hostId_state_idx" ON "machine"("hostId", "state");

-- CreateIndex
CREATE UNIQUE INDEX "machine_order_machineId_key" ON "machine_order"("machineId");

-- CreateIndex
CREATE UNIQUE INDEX "machine_order_ownerId_idempotencyKey_key" ON "machine_order"("ownerId", "idempotencyKey");

-- CreateIndex
CREATE INDEX "machine_event_machineId_id_idx" ON "machine_event"("machineId", "id");

-- CreateIndex
CREATE INDEX "console_token_expiresAt_idx" ON "console_token"("expiresAt");

-- CreateIndex
CREATE INDEX "machine_snapshot_ownerId_createdAt_idx" ON "machine_snapshot"("ownerId", "createdAt" DESC);

-- CreateIndex
CREATE INDEX "task_queue_state_queuedAt_idx" ON "task"("queue", "state", "queuedAt");

-- CreateIndex
CREATE INDEX "task_machineId_idx" ON "task"("machineId");

-- AddForeignKey
ALTER TABLE "task" ADD CONSTRAINT "task_machineId_fkey" FOREIGN KEY ("machineId") REFERENCES "machine"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "machine" ADD CONSTRAINT "machine_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "machine" ADD CONSTRAINT "machine_hostId_fkey" FOREIGN KEY ("hostId") REFERENCES "machine_host"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "machine_order" ADD CONSTRAINT "machine_order_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "machine_order" ADD CONSTRAINT "machine_order_machineId_fkey" FOREIGN KEY ("machineId") REFERENCES "machine"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "machine_event" ADD CONSTRAINT "machine_event_machineId_fkey" FOREIGN KEY ("machineId") REFERENCES "machine"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "machine_event" ADD CONSTRAINT "machine_event_actorId_fkey" FOREIGN KEY ("actorId") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "console_token" ADD CONSTRAINT "console_token_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "console_token" ADD CONSTRAINT "console_token_machineId_fkey" FOREIGN KEY ("machineId") REFERENCES "machine"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "machine_snapshot" ADD CONSTRAINT "machine_snapshot_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "machine_snapshot" ADD CONSTRAINT "machine_snapshot_hostId_fkey" FOREIGN KEY ("hostId") REFERENCES "machine_host"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Machines are live rows, as tasks and videos are.
CREATE TRIGGER machine_version BEFORE UPDATE ON "machine" FOR EACH ROW EXECUTE FUNCTION raise_version();
CREATE TRIGGER machine_change AFTER INSERT OR UPDATE OR DELETE ON "machine" FOR EACH ROW EXECUTE FUNCTION tell_change();
