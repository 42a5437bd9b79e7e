-- CreateTable
CREATE TABLE "disk_reservation" (
    "taskId" UUID NOT NULL,
    "bytes" BIGINT NOT NULL,

    CONSTRAINT "disk_reservation_pkey" PRIMARY KEY ("taskId")
);

-- AddForeignKey
ALTER TABLE "disk_reservation" ADD CONSTRAINT "disk_reservation_taskId_fkey" FOREIGN KEY ("taskId") REFERENCES "task"("id") ON DELETE CASCADE ON UPDATE CASCADE;
