/**
 * A mail as a mail program shows it. Nothing in it runs, and its links open in a tab of their own.
 * `look` is the colour scheme of the reader's program; unset, it is the reader's own.
 */
export function MailPreview({ html, title, look }: { html: string; title: string; look?: 'light' | 'dark' }) {
  return (
    <iframe
      title={title}
      srcDoc={
        look ? html.replaceAll('(prefers-color-scheme:dark)', look === 'dark' ? 'all' : 'not all') : html
      }
      sandbox="allow-popups allow-popups-to-escape-sandbox"
      className="h-[400px] w-full rounded-xl border bg-card"
      style={look && { colorScheme: look }}
    />
  )
}
