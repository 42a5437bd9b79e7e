/**
 * Marks requests of users on the server's own computer. The web process sets or removes it on every request; clients
 * cannot.
 */
export const LOCAL_REQUEST_HEADER = 'x-meanwhile-local'
