/** The interface's colours as mail programs understand them; oklch is not among what they do. */
const light = {
  page: '#f8fafa',
  card: '#ffffff',
  border: '#dde1e1',
  text: '#171b1b',
  muted: '#515858',
  accent: '#00706b',
  onAccent: '#f5fffe',
  failed: '#b3261e',
}
const dark: typeof light = {
  page: '#0e1212',
  card: '#161b1b',
  border: '#2d3434',
  text: '#e8ecec',
  muted: '#a3acac',
  accent: '#3dc4bb',
  onAccent: '#04211f',
  failed: '#ff8a7a',
}

export const colors = light
export const font =
  "Geist, ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"

const rule = (selector: string, declarations: string) => `.${selector}{${declarations}}`
const darkRules = [
  rule('page', `background-color:${dark.page}!important`),
  rule('card', `background-color:${dark.card}!important;border-color:${dark.border}!important`),
  rule('text', `color:${dark.text}!important`),
  rule('muted', `color:${dark.muted}!important`),
  rule('mark', `color:${dark.accent}!important`),
  rule('failed', `color:${dark.failed}!important`),
  rule('line', `border-color:${dark.border}!important`),
  rule('button', `background-color:${dark.accent}!important;color:${dark.onAccent}!important`),
].join('')

/** Dark where the reader's program is; Outlook on the web marks it by an attribute instead. */
export const styleSheet = `:root{color-scheme:light dark;supported-color-schemes:light dark}
.page{background-color:${light.page}}
@media (prefers-color-scheme:dark){${darkRules}}
${darkRules.replaceAll(/(?<=^|\})\./g, '[data-ogsc] .')}`
