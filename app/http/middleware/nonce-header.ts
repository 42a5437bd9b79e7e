/** The request header in which `setSecurityHeaders` passes the nonce of a page to its components. */
export const NONCE_HEADER = 'x-nonce'
