// Another form than Keycloak's: two pages, other names of the fields, and a consent. node --test infra/conformance/test/
import assert from 'node:assert/strict'
import http from 'node:http'
import { after, test } from 'node:test'
import * as keycloak from '../login.js'
import { Member } from '../member.js'

const FORM = '<form id="who" action="/provider/login" method="post"><input name="email"><input name="secret"></form>'
const CONSENT = '<form id="consent" action="/provider/consent" method="post"></form>'
const asked = []

const server = http.createServer(async (request, response) => {
  const url = new URL(request.url, base()), parts = []
  for await (const part of request) parts.push(part)
  const form = new URLSearchParams(Buffer.concat(parts).toString())
  asked.push(`${request.method} ${url.pathname} ${form}`)
  const go = (location, cookie) => response.writeHead(302, { location, ...(cookie && { 'set-cookie': cookie }) }).end()
  switch (url.pathname) {
    case '/member/signin': return go(base() + '/provider/authorize')
    case '/provider/authorize': return response.end(FORM)
    case '/provider/login': return form.get('secret') === 'alice' ? response.end(CONSENT) : response.end(FORM)
    case '/provider/consent': return go('/provider/done')
    case '/provider/done': return go('/member/signin/callback?code=1')
    case '/member/signin/callback': return go('/member/', 'sso=s%3Aan-id-of-sixteen-and-more.mac; Path=/')
    default: response.writeHead(404).end()
  }
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
after(() => server.close())
function base () { return `http://127.0.0.1:${server.address().port}` }

/** As --login loads it. */
const adapter = {
  asksForPassword: ({ body }) => body.includes('<form id="who"'),
  async signIn (browser, page, person) {
    const consent = await browser.go(base() + '/provider/login', { method: 'POST', form: { email: person, secret: person } })
    return browser.go(new URL(/action="([^"]+)"/.exec(consent.body)[1], page.url).href, { method: 'POST', form: {} })
  }
}
function member (login) {
  const stack = { base: base(), issuer: base() + '/provider', cookieName: 'sso', login, own: (id) => id, idIn: (value) => decodeURIComponent(value).slice(2).split('.')[0] }
  return new Member({ name: 'test', base: '/member', signIn: 'signin', me: 'me', signOff: 'out' }, stack)
}

test('signs in by the form of an adapter, over several pages, as far as the callback', async () => {
  const { id, askedForPassword, answer } = await member(adapter).signInAs('alice')
  assert.equal(id, 'an-id-of-sixteen-and-more')
  assert.equal(askedForPassword, true)
  assert.match(answer.url, /\/member\/signin\/callback\?code=1$/)
  assert.equal(asked.filter((line) => line.startsWith('POST /provider/login')).length, 1)
  assert.ok(asked.includes('POST /provider/login email=alice&secret=alice'))
})

test('says where it is when a form is not known', async () => {
  await assert.rejects(member(keycloak).signInAs('alice'), /no session cookie came back from the callback: 200 at \/provider\/authorize/)
})
