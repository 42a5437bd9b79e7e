-- Web processes of version 0.1.0, which keep serving while computers are upgraded one after another, search captions with it.
-- 20261201045000_search_by_language dropped it.
CREATE FUNCTION words_of(text text) RETURNS tsvector LANGUAGE sql IMMUTABLE AS $$
  SELECT to_tsvector('simple', separate_words(text))
$$;
