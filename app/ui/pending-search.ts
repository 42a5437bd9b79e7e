/** What was typed into the search of this page while the page of an earlier search is still shown; null if nothing. */
let typed: string | null = null

/** Forgets what was typed once its page is shown. */
export function clearPendingSearch(shown: string) {
  if (typed === shown) typed = null
}

export const setPendingSearch = (text: string | null) => void (typed = text)

/** The URL of a link to this page, such as that of a filter, with the search that was typed meanwhile. */
export function withPendingSearch(href: string, here: string) {
  const url = new URL(href, here)
  if (typed === null || url.pathname !== new URL(here).pathname) return href
  if (typed) url.searchParams.set('search', typed)
  else url.searchParams.delete('search')
  return url.pathname + url.search
}
