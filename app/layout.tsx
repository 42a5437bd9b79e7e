import type { Metadata, Viewport } from 'next'
import { ThemeProvider } from 'next-themes'
import type { ReactNode } from 'react'
import { getLocale, getTextDirection } from '@/lib/i18n/locale'
=======
import { FONT_CLASSES } from './fonts/fonts'
>>>>>>> d6a2d498 (app: load the Latin characters of the fonts, and the others when a page has them; describe the pages)
import { readNonce } from './shell/read-nonce'
import './globals.css'
import icon from './shell/icon.svg'

export const metadata: Metadata = {
  title: { default: 'Meanwhile', template: '%s · Meanwhile' },
  description: 'Start it, close the tab, come back to it done.',
  // Imported rather than app/icon.svg, whose generated URL browsers fetch again on every page.
  icons: { icon: { url: icon.src, type: 'image/svg+xml' }, apple: '/icons/apple.png' },
}
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
<<<<<<< HEAD
    <html
      lang={locale}
      dir={getTextDirection(locale)}
      suppressHydrationWarning
      className={FONT_CLASSES}
    >
      <body className="min-h-dvh font-sans">
        <ThemeProvider
          attribute="class"
          defaultTheme="system"
          enableSystem
          disableTransitionOnChange
          nonce={nonce}
        >
          {children}
        </ThemeProvider>
      </body>
    </html>
  )
}
