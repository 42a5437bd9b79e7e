-- The search of captions finds other forms of a word too, by the stems of the language of the track, and words of
-- languages that are written without spaces. The vector of a cue has each word as it is and, at the same position, its stem.

-- The text search configuration of a language (BCP 47); 'simple', which has no stems, if Postgres has none for it.
CREATE FUNCTION search_config(language text) RETURNS regconfig LANGUAGE sql STABLE AS $$
  SELECT coalesce(
    (SELECT c.oid::regconfig FROM pg_ts_config c
      WHERE c.cfgnamespace = 'pg_catalog'::regnamespace
        AND c.cfgname = CASE split_part(lower(language), '-', 1)
          WHEN 'ar' THEN 'arabic' WHEN 'hy' THEN 'armenian' WHEN 'eu' THEN 'basque' WHEN 'ca' THEN 'catalan'
          WHEN 'da' THEN 'danish' WHEN 'nl' THEN 'dutch' WHEN 'en' THEN 'english' WHEN 'et' THEN 'estonian'
          WHEN 'fi' THEN 'finnish' WHEN 'fr' THEN 'french' WHEN 'de' THEN 'german' WHEN 'el' THEN 'greek'
          WHEN 'hi' THEN 'hindi' WHEN 'hu' THEN 'hungarian' WHEN 'id' THEN 'indonesian' WHEN 'ga' THEN 'irish'
          WHEN 'it' THEN 'italian' WHEN 'lt' THEN 'lithuanian' WHEN 'ne' THEN 'nepali' WHEN 'no' THEN 'norwegian'
          WHEN 'nb' THEN 'norwegian' WHEN 'nn' THEN 'norwegian' WHEN 'pt' THEN 'portuguese' WHEN 'ro' THEN 'romanian'
          WHEN 'ru' THEN 'russian' WHEN 'sr' THEN 'serbian' WHEN 'es' THEN 'spanish' WHEN 'sv' THEN 'swedish'
          WHEN 'ta' THEN 'tamil' WHEN 'tr' THEN 'turkish' WHEN 'yi' THEN 'yiddish'
        END),
    'pg_catalog.simple'::regconfig)
$$;

-- Postgres takes some words with punctuation for tags, hosts, numbers and compounds, which have positions of their own.
-- In scripts without spaces, each character is a word.
CREATE FUNCTION separate_words(text text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT regexp_replace(
    translate(text, '<>-_./:@&+#%~=', repeat(' ', 14)),
    '([\u0e01-\u0e4e\u0e81-\u0ece\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff])',
    ' \1 ', 'g')
$$;

DROP FUNCTION words_of(text);
CREATE FUNCTION words_of(text text, config regconfig) RETURNS tsvector LANGUAGE sql IMMUTABLE AS $$
  SELECT (to_tsvector('simple', separate_words(text))::text || ' ' || to_tsvector(config, separate_words(text))::text)::tsvector
$$;

-- Queries for a phrase, of which the last word may be a prefix, and for its longest word, usually the rarest. Null without words.
CREATE FUNCTION search_queries(text text, config regconfig, OUT phrase tsquery, OUT anchor tsquery) LANGUAGE sql IMMUTABLE AS $$
  WITH words AS (
    SELECT lexeme, unnest(positions) AS position, TRUE AS is_word FROM unnest(to_tsvector('simple', separate_words(text)))
    UNION
    SELECT lexeme, unnest(positions), FALSE FROM unnest(to_tsvector(config, separate_words(text)))
  ), terms AS (
    SELECT position, max(length(lexeme)) FILTER (WHERE is_word) AS length,
      '(' || string_agg(quote_literal(lexeme) || CASE WHEN is_word AND position = last THEN ':*' ELSE '' END, ' | ') || ')' AS term
    FROM words CROSS JOIN (SELECT max(position) AS last FROM words) AS ends GROUP BY position
  )
  SELECT string_agg(term, ' <-> ' ORDER BY position)::tsquery, (array_agg(term ORDER BY length DESC))[1]::tsquery FROM terms
$$;

CREATE OR REPLACE FUNCTION index_cue() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.search := CASE WHEN NEW."isRemoved" THEN NULL ELSE words_of(NEW.text,
    (SELECT search_config(language) FROM caption WHERE id = NEW."captionId")) END;
  RETURN NEW;
END $$;

-- The language of a track is detected after its first cues are stored.
CREATE FUNCTION index_cues_again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE caption_cue SET search = NULL WHERE "captionId" = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER caption_search AFTER UPDATE OF language ON "caption" FOR EACH ROW
  WHEN (OLD.language IS DISTINCT FROM NEW.language) EXECUTE FUNCTION index_cues_again();

UPDATE caption_cue SET search = NULL;
