import localFont from 'next/font/local'

// Geist, in two files each: the characters of Western European languages, in the weights that the interface uses, and the
// complete font, which a browser loads when a page has other characters. The first are made from the files of the package
// `geist` with fonttools:
//
//   fonttools varLib.instancer Geist-Variable.ttf wght=400:700 -o geist.ttf
//   pyftsubset geist.ttf --flavor=woff2 --unicodes=… --layout-features=kern,liga,calt,ccmp,locl,mark,mkmk,tnum,rvrn,case
//
// where … is U+20-7E, A0-FF, 131, 152-153, 2010-2026, 2030, 2032-2033, 2039-203A, 2044, 20AC, 2122, 2190-2193, 2212, 2215,
// 2248, 2260, 2264-2265 and FFFD. Next.js needs literals, so the other ranges are written twice.

const sansLatin = localFont({
  src: './geist-latin.woff2',
  variable: '--font-sans-latin',
  weight: '400 700',
  // Would come before the complete font.
  adjustFontFallback: false,
})
const sans = localFont({
  src: '../../node_modules/geist/dist/fonts/geist-sans/Geist-Variable.woff2',
  variable: '--font-sans-complete',
  weight: '100 900',
  preload: false,
  declarations: [
    {
      prop: 'unicode-range',
      value:
        'U+100-130, U+132-151, U+154-200F, U+2027-202F, U+2031, U+2034-2038, U+203B-2043, U+2045-20AB, U+20AD-2121, U+2123-218F, U+2194-2211, U+2213-2214, U+2216-2247, U+2249-225F, U+2261-2263, U+2266-FFFC',
    },
  ],
})
const monoLatin = localFont({
  src: './geist-mono-latin.woff2',
  variable: '--font-mono-latin',
  weight: '400 700',
  preload: false,
  adjustFontFallback: false,
})
const mono = localFont({
  src: '../../node_modules/geist/dist/fonts/geist-mono/GeistMono-Variable.woff2',
  variable: '--font-mono-complete',
  weight: '100 900',
  preload: false,
  adjustFontFallback: false,
  declarations: [
    {
      prop: 'unicode-range',
      value:
        'U+100-130, U+132-151, U+154-200F, U+2027-202F, U+2031, U+2034-2038, U+203B-2043, U+2045-20AB, U+20AD-2121, U+2123-218F, U+2194-2211, U+2213-2214, U+2216-2247, U+2249-225F, U+2261-2263, U+2266-FFFC',
    },
  ],
})

/** The classes that define the variables of all fonts, for the root element. */
export const FONT_CLASSES = [sansLatin, sans, monoLatin, mono].map(({ variable }) => variable).join(' ')
