/** The tags in a text, separated by commas, as the server stores them: in lower case, each once. "#" is how pages show them. */
export const parseTags = (text: string) => [
  ...new Set(
    text
      .split(',')
      .map((tag) => tag.trim().replace(/^#+/, '').trim().toLowerCase())
      .filter(Boolean),
  ),
]
