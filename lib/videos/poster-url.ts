/**
 * What is appended to the URL of a poster, so that no browser, chat or search engine shows an earlier one that it has cached.
 * Servers ignore it. Empty for a poster that was selected automatically.
 */
export function posterVersion(posterKey: string) {
  const version = /\/posters\/([\w-]+)\.jpg$/.exec(posterKey)?.[1]
  return version ? `?v=${version}` : ''
}
