-- AlterTable
ALTER TABLE "video" ADD COLUMN "imageBytes" BIGINT;
ALTER TABLE "rendition" ADD COLUMN "downloadBytes" BIGINT, ADD COLUMN "segmentBytes" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "upload" ADD COLUMN "receivedBytes" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "caption" ADD COLUMN "storedBytes" BIGINT NOT NULL DEFAULT 0;

-- Images and downloads are counted by the schedule files.orphans, which can see the files.
UPDATE "rendition" SET "segmentBytes" = sums.bytes
  FROM (SELECT "renditionId", sum("sizeBytes") AS bytes FROM "segment" GROUP BY 1) sums
  WHERE "rendition".id = sums."renditionId";

-- The size of captions is no news to any browser.
DROP TRIGGER caption_version ON "caption";
DROP TRIGGER caption_change ON "caption";
CREATE TRIGGER caption_version BEFORE UPDATE ON "caption" FOR EACH ROW
  WHEN (OLD."storedBytes" = NEW."storedBytes") EXECUTE FUNCTION raise_version();
CREATE TRIGGER caption_change AFTER INSERT OR DELETE ON "caption" FOR EACH ROW EXECUTE FUNCTION tell_change();
CREATE TRIGGER caption_changed AFTER UPDATE ON "caption" FOR EACH ROW
  WHEN (OLD."storedBytes" = NEW."storedBytes") EXECUTE FUNCTION tell_change();

-- Lengths of text, because the stored size depends on compression. 200 bytes for a row and its index entries.
CREATE FUNCTION cue_bytes(text text, words jsonb, alternative text) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT 200 + octet_length(text) + coalesce(octet_length(words::text), 0) + coalesce(octet_length(alternative), 0)
$$;
CREATE FUNCTION revision_bytes(before jsonb, after jsonb) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT 200 + octet_length(before::text) + octet_length(after::text)
$$;

CREATE FUNCTION count_cue_bytes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'DELETE' THEN
    UPDATE "caption" SET "storedBytes" = "storedBytes" + sums.bytes
      FROM (SELECT "captionId", sum(cue_bytes(text, words, alternative)) AS bytes FROM added GROUP BY 1) sums
      WHERE "caption".id = sums."captionId";
  END IF;
  IF TG_OP <> 'INSERT' THEN
    UPDATE "caption" SET "storedBytes" = "storedBytes" - sums.bytes
      FROM (SELECT "captionId", sum(cue_bytes(text, words, alternative)) AS bytes FROM removed GROUP BY 1) sums
      WHERE "caption".id = sums."captionId";
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION count_revision_bytes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'DELETE' THEN
    UPDATE "caption" SET "storedBytes" = "storedBytes" + sums.bytes
      FROM (SELECT "captionId", sum(revision_bytes(before, after)) AS bytes FROM added GROUP BY 1) sums
      WHERE "caption".id = sums."captionId";
  END IF;
  IF TG_OP <> 'INSERT' THEN
    UPDATE "caption" SET "storedBytes" = "storedBytes" - sums.bytes
      FROM (SELECT "captionId", sum(revision_bytes(before, after)) AS bytes FROM removed GROUP BY 1) sums
      WHERE "caption".id = sums."captionId";
  END IF;
  RETURN NULL;
END $$;

UPDATE "caption" SET "storedBytes" = coalesce((SELECT sum(cue_bytes(text, words, alternative)) FROM "caption_cue" WHERE "captionId" = "caption".id), 0)
  + coalesce((SELECT sum(revision_bytes(before, after)) FROM "caption_revision" WHERE "captionId" = "caption".id), 0);

CREATE TRIGGER caption_cue_added AFTER INSERT ON "caption_cue" REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION count_cue_bytes();
CREATE TRIGGER caption_cue_replaced AFTER UPDATE ON "caption_cue" REFERENCING OLD TABLE AS removed NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION count_cue_bytes();
CREATE TRIGGER caption_cue_removed AFTER DELETE ON "caption_cue" REFERENCING OLD TABLE AS removed
  FOR EACH STATEMENT EXECUTE FUNCTION count_cue_bytes();
CREATE TRIGGER caption_revision_added AFTER INSERT ON "caption_revision" REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION count_revision_bytes();
CREATE TRIGGER caption_revision_replaced AFTER UPDATE ON "caption_revision" REFERENCING OLD TABLE AS removed NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION count_revision_bytes();
CREATE TRIGGER caption_revision_removed AFTER DELETE ON "caption_revision" REFERENCING OLD TABLE AS removed
  FOR EACH STATEMENT EXECUTE FUNCTION count_revision_bytes();
