interface Props {
  html: string
  title: string
  /** Forces a color scheme; the viewer’s own unless given. */
  colorScheme?: 'light' | 'dark'
}

/** A rendered mail in a frame without scripts, whose links open in a new tab. */
export function MailPreview({ html, title, colorScheme }: Props) {
  const forced = colorScheme === 'dark' ? 'all' : 'not all'
  return (
    <iframe
      title={title}
      srcDoc={colorScheme ? html.replaceAll('(prefers-color-scheme:dark)', forced) : html}
      sandbox="allow-popups allow-popups-to-escape-sandbox"
      className="h-[440px] w-full rounded-xl border bg-card"
      style={colorScheme && { colorScheme }}
    />
  )
}
