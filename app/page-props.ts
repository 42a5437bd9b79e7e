/** The props of a page whose path ends with `[id]`. */
export interface IdPageProps {
  params: Promise<{ id: string }>
}

/** The props of a page that reads its query string. A parameter that is repeated is an array. */
export interface SearchPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

/** The props of a page whose path ends with `[token]`. */
export interface TokenPageProps extends SearchPageProps {
  params: Promise<{ token: string }>
}
