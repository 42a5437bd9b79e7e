/** The context of a route whose path contains the token of a link, and other parameters. */
export interface TokenContext<Others extends object = object> {
  params: Promise<{ token: string } & Others>
}
