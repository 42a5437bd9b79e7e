/** The context of a route whose path contains the token of a link. */
export interface TokenContext {
  params: Promise<{ token: string }>
}
