import { Transform } from 'node:stream'

const MAX_HEAD_BYTES = 64 * 1024
const REQUEST_LINE = /^[A-Z]{1,20} \S+ HTTP\/1\.[01]\r\n/
const PARTIAL_REQUEST_LINE = /^[A-Z]{1,20}( [^\r\n]*\r?)?$/
/** What sign-in at Meanwhile gives a browser to keep. */
const SESSION_COOKIE = /^cookie:.*\bbetter-auth\./im
const LOOPBACK_HOST = /^host: *(localhost|127\.0\.0\.1)(:\d+)? *\r$/im

/**
 * Lets through what a program says, but not a browser that is about to show its sign-in at Meanwhile: cookies
 * know no ports, so it would to everything at the same address. Then `onCookie` gets an HTTP answer to give instead,
 * and nothing was let through.
 */
export function rejectSessionCookie(onCookie: (answer: string) => void) {
  let head: Buffer | null = Buffer.alloc(0)
  return new Transform({
    transform(chunk: Buffer, _, done) {
      if (!head) return done(null, chunk)
      const all = (head = Buffer.concat([head, chunk]))
      const text = all.toString('latin1')
      if (isHeadIncomplete(text)) return done()
      head = null
      const [said = ''] = text.split('\r\n\r\n', 1)
      if (!REQUEST_LINE.test(text) || !SESSION_COOKIE.test(said)) return done(null, all)
      onCookie(renderRejection(said))
    },
    flush: (done) => done(null, head),
  })
}

const isHeadIncomplete = (text: string) =>
  text.length < MAX_HEAD_BYTES &&
  (PARTIAL_REQUEST_LINE.test(text) || (REQUEST_LINE.test(text) && !text.includes('\r\n\r\n')))

function renderRejection(head: string) {
  const [, name, port = ''] = LOOPBACK_HOST.exec(head) ?? []
  const other = name && `http://${name === 'localhost' ? '127.0.0.1' : 'localhost'}${port}/`
  const page = `<!doctype html>
<html lang="en"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<title>Not shown here</title>
<body style="font: 16px/1.5 system-ui, sans-serif; max-width: 32rem; margin: 20vh auto; padding: 0 1.5rem">
<h1 style="font-size: 20px">Your browser would sign this machine in as you</h1>
<p>Cookies are the same for all ports of an address, so the machine would be told the one of your sign-in at Meanwhile.
Open it ${other ? `at <a href="${other}">${other}</a>, or ` : ''}in a private window.</p>
</body></html>
`
  return [
    'HTTP/1.1 403 Forbidden',
    'content-type: text/html; charset=utf-8',
    `content-length: ${Buffer.byteLength(page)}`,
    "content-security-policy: default-src 'none'; style-src 'unsafe-inline'",
    'cache-control: no-store',
    'connection: close',
    `\r\n${page}`,
  ].join('\r\n')
}
