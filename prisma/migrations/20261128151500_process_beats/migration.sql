-- The heartbeat table also describes web processes and the computer each process runs on.
ALTER TABLE "worker_beat" ADD COLUMN     "clockOffsetMs" INTEGER,
ADD COLUMN     "cpus" INTEGER,
ADD COLUMN     "drainReason" TEXT,
ADD COLUMN     "load" DOUBLE PRECISION,
ADD COLUMN     "memoryTotalBytes" BIGINT,
ADD COLUMN     "memoryUsedBytes" BIGINT,
ADD COLUMN     "queues" TEXT[],
ADD COLUMN     "role" TEXT NOT NULL DEFAULT 'worker',
ADD COLUMN     "rssBytes" BIGINT,
ADD COLUMN     "schemaLevel" TEXT,
ADD COLUMN     "storageId" TEXT,
ADD COLUMN     "storageProblem" TEXT,
ADD COLUMN     "version" TEXT;
