import { tmpdir } from 'node:os'

/** Variables of this process that are passed on. Those after the first two are the server's settings for downloads. */
const INHERITED = [
  'PATH',
  'HOME',
  ...['http_proxy', 'https_proxy', 'ftp_proxy', 'all_proxy', 'no_proxy'].flatMap((name) => [
    name,
    name.toUpperCase(),
  ]),
  'APT_CONFIG',
  'SSL_CERT_FILE',
]

/** The environment of a trusted helper program: no secrets, and messages in English, because they are parsed. */
export const programEnv = (more: Record<string, string> = {}): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(INHERITED.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))),
  NODE_ENV: process.env.NODE_ENV,
  TMPDIR: tmpdir(),
  LC_ALL: 'C.UTF-8',
  ...more,
})

/** The environment of a program that handles untrusted input: only the search path of programs. */
export const confinedEnv = (more: Record<string, string> = {}): NodeJS.ProcessEnv => ({
  PATH: '/usr/local/bin:/usr/bin:/bin',
  NODE_ENV: 'production',
  ...more,
})
