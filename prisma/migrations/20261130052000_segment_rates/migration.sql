-- AlterTable
ALTER TABLE "rendition" ADD COLUMN     "peakBitsPerSecond" DOUBLE PRECISION NOT NULL DEFAULT 0,
ADD COLUMN     "segmentSeconds" DOUBLE PRECISION NOT NULL DEFAULT 0;

UPDATE "rendition" SET "segmentSeconds" = sums.seconds, "peakBitsPerSecond" = sums.peak
  FROM (
    SELECT "renditionId", sum("durationSeconds") AS seconds, max("sizeBytes" * 8 / greatest(0.1, "durationSeconds")) AS peak
    FROM "segment" GROUP BY 1
  ) sums
  WHERE "rendition".id = sums."renditionId";
