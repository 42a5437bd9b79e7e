import compile from 'icu-minify/compile'
import { describe, expect, it } from 'vitest'
import { compileAreas } from './messages.mjs'

const build = (en: Record<string, string>, de: Record<string, string>) =>
  compileAreas({ en: { area: en }, de: { area: de } }, compile)[0]![1]

describe('compileAreas', () => {
  it('types values by their use', () => {
    const source = build(
      {
        used: '{count, plural, one {# file} other {# files of {name}}} in {state, select, a {A} b {B} other {C}}',
      },
      {
        used: '{count, plural, one {# Datei} other {# Dateien von {name}}}: {state, select, a {A} b {B} other {C}}',
      },
    )
    expect(source).toContain('message<{ count: number; name: string | number; state: string }>')
  })

  it('types tags as functions that create elements', () => {
    expect(build({ terms: 'Read <link>this</link>' }, { terms: '<link>Dies</link> lesen' })).toContain(
      'richMessage<{ link: (children: ReactNode[]) => ReactNode }>',
    )
  })

  it.each([
    ['a missing message', { a: 'A', b: 'B' }, { a: 'A' }, '"b" is missing'],
    ['a message that English lacks', { a: 'A' }, { a: 'A', b: 'B' }, '"b" is not in en'],
    ['another value', { a: '{name}' }, { a: '{nmae}' }, 'has values { nmae: string | number }'],
    ['malformed text', { a: '{' }, { a: 'A' }, 'messages/en/area.json: "a"'],
    ['an unknown format', { a: '{n, number, .0}' }, { a: '{n, number}' }, 'there is no format ".0"'],
    ['a name that is no identifier', { 'a-b': 'A' }, { 'a-b': 'A' }, 'is not a name in camelCase'],
  ])('refuses %s', (_name, en, de, problem) => {
    expect(() => build(en, de)).toThrow(problem)
  })
})
