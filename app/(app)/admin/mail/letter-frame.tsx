/**
 * A mail as a mail program shows it. Nothing in it runs, and its links open in a tab of their own.
 * `look` is the colour scheme of the reader's program; unset, it is that of this page.
 */
export function LetterFrame({ html, title, look }: { html: string; title: string; look?: 'light' | 'dark' }) {
  return (
    <iframe
      title={title}
      srcDoc={html}
      sandbox="allow-popups allow-popups-to-escape-sandbox"
      className="h-[460px] w-full rounded-xl border bg-card"
      style={look && { colorScheme: look }}
    />
  )
}
