-- Names of speakers count as the text of their cues does.
CREATE FUNCTION cue_bytes(text text, words jsonb, alternative text, speaker text) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT 200 + octet_length(text) + coalesce(octet_length(words::text), 0) + coalesce(octet_length(alternative), 0)
    + coalesce(octet_length(speaker), 0)
$$;
CREATE OR REPLACE FUNCTION count_cue_bytes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'DELETE' THEN
    UPDATE "caption" SET "storedBytes" = "storedBytes" + sums.bytes
      FROM (SELECT "captionId", sum(cue_bytes(text, words, alternative, speaker)) AS bytes FROM added GROUP BY 1) sums
      WHERE "caption".id = sums."captionId";
  END IF;
  IF TG_OP <> 'INSERT' THEN
    UPDATE "caption" SET "storedBytes" = "storedBytes" - sums.bytes
      FROM (SELECT "captionId", sum(cue_bytes(text, words, alternative, speaker)) AS bytes FROM removed GROUP BY 1) sums
      WHERE "caption".id = sums."captionId";
  END IF;
  RETURN NULL;
END $$;
DROP FUNCTION cue_bytes(text, jsonb, text);

UPDATE "caption" SET "storedBytes" = "storedBytes" + sums.bytes
  FROM (SELECT "captionId", sum(octet_length(speaker)) AS bytes FROM "caption_cue" WHERE speaker IS NOT NULL GROUP BY 1) sums
  WHERE "caption".id = sums."captionId";
