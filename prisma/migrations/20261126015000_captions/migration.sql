-- CreateEnum
CREATE TYPE "CaptionSource" AS ENUM ('speech', 'embedded', 'sidecar', 'person');

-- CreateTable
CREATE TABLE "caption" (
    "id" UUID NOT NULL,
    "ownerId" TEXT NOT NULL,
    "videoId" UUID NOT NULL,
    "language" TEXT NOT NULL,
    "label" TEXT,
    "source" "CaptionSource" NOT NULL,
    "isTranslation" BOOLEAN NOT NULL DEFAULT false,
    "engine" TEXT,
    "model" TEXT,
    "isLowAccuracy" BOOLEAN NOT NULL DEFAULT false,
    "note" TEXT,
    "state" "TaskState" NOT NULL DEFAULT 'queued',
    "doneSeconds" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "streamIndex" INTEGER,
    "revision" INTEGER NOT NULL DEFAULT 0,
    "version" INTEGER NOT NULL DEFAULT 1,
    "taskId" UUID,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "caption_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "caption_cue" (
    "id" UUID NOT NULL,
    "captionId" UUID NOT NULL,
    "startSeconds" DOUBLE PRECISION NOT NULL,
    "endSeconds" DOUBLE PRECISION NOT NULL,
    "text" TEXT NOT NULL,
    "confidence" DOUBLE PRECISION,
    "words" JSONB,
    "isEdited" BOOLEAN NOT NULL DEFAULT false,
    "isRemoved" BOOLEAN NOT NULL DEFAULT false,
    "alternative" TEXT,
    "search" tsvector,

    CONSTRAINT "caption_cue_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "caption_revision" (
    "captionId" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "authorId" TEXT,
    "before" JSONB NOT NULL,
    "after" JSONB NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "caption_revision_pkey" PRIMARY KEY ("captionId","number")
);

-- CreateIndex
CREATE INDEX "caption_ownerId_idx" ON "caption"("ownerId");

-- CreateIndex
CREATE INDEX "caption_videoId_idx" ON "caption"("videoId");

-- CreateIndex
CREATE INDEX "caption_taskId_idx" ON "caption"("taskId");

-- CreateIndex
CREATE UNIQUE INDEX "caption_videoId_streamIndex_key" ON "caption"("videoId", "streamIndex");

-- CreateIndex
CREATE INDEX "caption_cue_captionId_startSeconds_idx" ON "caption_cue"("captionId", "startSeconds");

-- CreateIndex
CREATE INDEX "caption_cue_search_idx" ON "caption_cue" USING GIN ("search");

-- AddForeignKey
ALTER TABLE "caption" ADD CONSTRAINT "caption_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "caption" ADD CONSTRAINT "caption_videoId_fkey" FOREIGN KEY ("videoId") REFERENCES "video"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "caption" ADD CONSTRAINT "caption_taskId_fkey" FOREIGN KEY ("taskId") REFERENCES "task"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "caption_cue" ADD CONSTRAINT "caption_cue_captionId_fkey" FOREIGN KEY ("captionId") REFERENCES "caption"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "caption_revision" ADD CONSTRAINT "caption_revision_captionId_fkey" FOREIGN KEY ("captionId") REFERENCES "caption"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "caption_revision" ADD CONSTRAINT "caption_revision_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- Captions are live rows, as tasks and videos are.
CREATE TRIGGER caption_version BEFORE UPDATE ON "caption" FOR EACH ROW EXECUTE FUNCTION raise_version();
CREATE TRIGGER caption_change AFTER INSERT OR UPDATE OR DELETE ON "caption" FOR EACH ROW EXECUTE FUNCTION tell_change();

-- 'simple': words as they are, in any language, and names and numbers too. The search asks for beginnings of words.
-- Postgres takes <your> for the tag of a page, and leaves it out.
CREATE FUNCTION words_of(text text) RETURNS tsvector LANGUAGE sql IMMUTABLE AS $$
  SELECT to_tsvector('simple', translate(text, '<>', '  '))
$$;
CREATE FUNCTION index_cue() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.search := CASE WHEN NEW."isRemoved" THEN NULL ELSE words_of(NEW.text) END;
  RETURN NEW;
END $$;
CREATE TRIGGER caption_cue_search BEFORE INSERT OR UPDATE ON "caption_cue" FOR EACH ROW EXECUTE FUNCTION index_cue();
