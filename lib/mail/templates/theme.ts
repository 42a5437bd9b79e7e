/** The colors of the interface in hexadecimal, because mail clients do not support oklch. */
const lightColors = {
  page: '#f8fafa',
  card: '#ffffff',
  border: '#dde1e1',
  text: '#171b1b',
  muted: '#515858',
  accent: '#00706b',
  onAccent: '#f5fffe',
  failed: '#b3261e',
}
const darkColors: typeof lightColors = {
  page: '#0e1212',
  card: '#161b1b',
  border: '#2d3434',
  text: '#e8ecec',
  muted: '#a3acac',
  accent: '#3dc4bb',
  onAccent: '#04211f',
  failed: '#ff8a7a',
}

export const colors = lightColors
export const fontFamily =
  "Geist, ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"

const cssRule = (selector: string, declarations: string) => `.${selector}{${declarations}}`
const darkRules = [
  cssRule('page', `background-color:${darkColors.page}!important`),
  cssRule(
    'card',
    `background-color:${darkColors.card}!important;border-color:${darkColors.border}!important`,
  ),
  cssRule('text', `color:${darkColors.text}!important`),
  cssRule('muted', `color:${darkColors.muted}!important`),
  cssRule('mark', `color:${darkColors.accent}!important`),
  cssRule('failed', `color:${darkColors.failed}!important`),
  cssRule('line', `border-color:${darkColors.border}!important`),
  cssRule('button', `background-color:${darkColors.accent}!important;color:${darkColors.onAccent}!important`),
].join('')

/** Follows the client's color scheme; Outlook on the web sets an attribute instead of the media query. */
export const styleSheet = `:root{color-scheme:light dark;supported-color-schemes:light dark}
.page{background-color:${lightColors.page}}
@media (prefers-color-scheme:dark){${darkRules}}
${darkRules.replaceAll(/(?<=^|\})\./g, '[data-ogsc] .')}`
