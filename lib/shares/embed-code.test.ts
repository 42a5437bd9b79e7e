import { expect, it } from 'vitest'
import { embedCode } from './embed-code'

it('a title cannot leave its attribute', () => {
  const html = embedCode({ url: 'https://example.com/embed/a?t=1&x', title: '"><script>alert(1)</script>&' })
  expect(html).toContain('title="&quot;>&lt;script>alert(1)&lt;/script>&amp;"')
  expect(html).toContain('src="https://example.com/embed/a?t=1&amp;x"')
})
