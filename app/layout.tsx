import type { Metadata, Viewport } from 'next'
import { ThemeProvider } from 'next-themes'
import type { ReactNode } from 'react'
import * as messages from '@/lib/generated/messages/common'
import { getLocale, getTextDirection } from '@/lib/i18n/locale'
import { FONT_CLASSES } from './fonts/fonts'
import { readNonce } from './shell/read-nonce'
import { Shortcuts } from './shell/shortcuts'
import './globals.css'
import icon from './shell/icon.svg'

export const generateMetadata = (): Metadata => ({
  title: { default: 'Meanwhile', template: '%s · Meanwhile' },
  description: messages.tagline(),
  // Imported rather than app/icon.svg, whose generated URL browsers fetch again on every page.
  icons: { icon: { url: icon.src, type: 'image/svg+xml' }, apple: '/icons/apple.png' },
})
export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  // The backgrounds of the two themes.
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f9fafa' },
    { media: '(prefers-color-scheme: dark)', color: '#0d1010' },
  ],
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  const nonce = await readNonce()
  const locale = getLocale()
  return (
    <html lang={locale} dir={getTextDirection(locale)} suppressHydrationWarning className={FONT_CLASSES}>
      <body className="min-h-dvh font-sans">
        <ThemeProvider
          attribute="class"
          defaultTheme="system"
          enableSystem
          disableTransitionOnChange
          nonce={nonce}
        >
          {children}
          <Shortcuts />
        </ThemeProvider>
      </body>
    </html>
  )
}
