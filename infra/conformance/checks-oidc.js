// Sign-ins, refreshes and sign-offs once more, where somebody has changed what a browser carries, or comes at another moment.
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually, known, unknown, within } from './checks-guest.js'
import { express, MINUTE, newId, record, sha256 } from './contract.js'
import { answersSince, ask, Browser } from './http.js'

/** Names that a parameter with a way back is known to have. */
const WAYS_BACK = ['return', 'returnTo', 'return_to', 'returnUrl', 'return_url', 'redirect', 'redirect_to', 'redirectTo', 'redirectUrl', 'redirect_url', 'redirect_uri', 'next', 'continue', 'back', 'to',
  'url', 'target', 'dest', 'destination', 'rd', 'r', 'origin', 'callback', 'callbackUrl', 'post_logout_redirect_uri']
const elsewhere = (host) => new URLSearchParams(WAYS_BACK.map((name) => [name, `https://${host}/`])).toString()

/** As far as the provider's answer to the callback, with the question to the provider changed. @return {browser, callback} */
async function upToCallback ({ stack, member, person }, change = () => {}) {
  const { browser } = await member.signInAs(person)
  browser.with(stack.cookieName, '')
  let page = await browser.go(member.url(member.signIn))
  while (page.location && !page.location.startsWith(stack.issuer)) page = await browser.go(page.location)
  const question = new URL(page.location)
  change(question.searchParams)
  page = await browser.go(question.href)
  while (page.location && !new URL(page.location).searchParams.has('code')) page = await browser.go(page.location)
  assert.ok(page.location?.startsWith(stack.base + member.base + '/'), 'the provider did not send the browser to the callback')
  return { browser, callback: page.location, question }
}

async function nobody ({ stack, member }, browser, why) {
  const value = browser.cookie(stack.cookieName)
  if (value) assert.equal((await member.whoIs(`${stack.cookieName}=${value}`)).status, 401, why)
}

export const oidcChecks = [
  ['state-nonce-pkce', 'state, nonce and PKCE are new and random for each sign-in', async ({ member, say }) => {
    const asked = []
    for (let i = 0; i < 3; i++) asked.push(new URL((await new Browser().go(member.url(member.signIn))).location).searchParams)
    // What libraries of guests do without, PKCE makes up for.
    const names = member.level === 'guest' ? ['code_challenge'] : ['state', 'nonce', 'code_challenge']
    say(names.join(', '))
    for (const name of names) {
      const values = asked.map((query) => query.get(name))
      assert.ok(values.every((value) => value?.length >= 16), `${name} is missing, or can be guessed: ${values} (section 6)`)
      assert.equal(new Set(values).size, values.length, `${name} is the same each time (section 6)`)
    }
  }],

  ['callback-once', 'state and code can be used once', async (about) => {
    const { browser, callback, question } = await upToCallback(about), { stack } = about
    await browser.go(callback)
    const first = browser.cookie(stack.cookieName)
    assert.ok(first, 'nobody was signed in')
    await browser.go(callback)
    const second = browser.cookie(stack.cookieName)
    assert.ok(!second || second === first, 'the same callback has made another session (section 6: used once)')
    // Once more with a code of now: the state of before has been used.
    browser.with(stack.cookieName, '')
    let page = await browser.go(question.href)
    while (page.location && !new URL(page.location).searchParams.has('code')) page = await browser.go(page.location)
    if (page.location) await browser.go(page.location)
    await nobody(about, browser, 'a second callback with the same state signs in (section 6: used once)')
  }],

  ['id-from-a-browser', 'a sign-in never adopts an id from a browser', async ({ stack, member, person }) => {
    const planted = newId(), browser = new Browser().with(stack.cookieName, stack.cookieOf(planted).slice(stack.cookieName.length + 1))
    const { id } = await member.signInAs(person, browser)
    assert.notEqual(id, planted, 'the id was adopted (section 2): who planted it is signed in')
    assert.equal(await stack.redis.send('EXISTS', express(planted), record(planted)), 0)
  }],

  ['open-redirect', 'no parameter of a sign-in or a sign-off leads to another site', async ({ stack, member, person }) => {
    const { browser, cookie } = await member.signInAs(person)
    const stays = (answer, what) => assert.ok(!answer.location || !new URL(answer.location).hostname.endsWith('.test'), `${what} leads to ${answer.location} (section 6)`)
    let answer = await browser.go(member.url(`${member.signIn}?${elsewhere('evil.test')}`))
    for (let i = 0; i < 10 && answer.location && (answer.location.startsWith(stack.issuer) || answer.location.startsWith(stack.base + member.base + '/')); i++) {
      stays(answer, 'the sign-in')
      answer = await browser.go(answer.location)
    }
    stays(answer, 'the sign-in')
    const signedOff = await ask(member.url(`${member.signOff}?${elsewhere('evil.test')}`), { method: 'POST', body: elsewhere('evil.test'),
      headers: { Cookie: cookie, 'Sec-Fetch-Site': 'same-origin', 'Content-Type': 'application/x-www-form-urlencoded' } })
    stays({ location: signedOff.headers.location && new URL(signedOff.headers.location, stack.base).href }, 'the sign-off')
  }],

  ['long-device', 'a long User-Agent is cut to 200 characters', async ({ stack, member, person, skip }) => {
    if (member.level === 'guest') return skip('a guest writes no record')
    const { id } = await member.signInAs(person, new Browser('x'.repeat(1500)))
    const { device = '' } = await stack.fields(id)
    assert.ok(device.length <= 200, `device has ${device.length} characters (section 3)`)
  }],

  ['sign-off-redis-unavailable', 'while Redis does not answer, a sign-off is answered with 503, and may be repeated', async ({ stack, member, person, skip }) => {
    if (member.level === 'guest') return skip('a guest is its libraries\u2019')
    const { id, cookie } = await member.signInAs(person)
    await stack.allForgotten()
    await stack.redis.send('CLIENT', 'PAUSE', 4000, 'ALL')
    const began = Date.now(), answer = await member.direct.postSignOff(cookie).catch((error) => ({ status: error.message, cookies: [], headers: {} }))
    await sleep(Math.max(0, began + 4200 - Date.now()))
    assert.equal(answer.status, 503, 'Redis does not answer (section 7)')
    assert.ok(answer.headers['retry-after'], 'no Retry-After (section 3)')
    assert.deepEqual(answer.cookies, [], 'a Set-Cookie, though the session may live (section 7)')
    await eventually(async () => assert.ok((await member.postSignOff(cookie)).status < 400))
    assert.equal((await stack.fields(id)).state, 'ended', 'repeating it did not complete it (section 7)')
  }]
]

export const oidcMemberChecks = [
  ['state-is-compared', "a callback with another state than the sign-in's signs nobody in", async (about) => {
    const { browser, callback } = await upToCallback(about), other = new URL(callback)
    other.searchParams.set('state', 'of-somebody-else-0123456789')
    const answer = await browser.go(other.href)
    assert.ok(answer.status < 500, `${answer.status}`)
    await nobody(about, browser, 'somebody is signed in though the state is another (section 6)')
  }],

  ['sign-in-after-a-sign-off', 'an earlier sign-off does not prevent a sign-in', async ({ stack, member, person }) => {
    const { browser, id } = await member.signInAs(person), { issuer, subject, sid } = await stack.fields(id)
    browser.with(stack.cookieName, '')
    const marks = ['ended-sid:user:' + sha256(issuer, subject), ...(sid ? ['ended-sid:' + sha256(issuer, sid)] : [])]
    await stack.during(() => stack.redis.send('DEL', ...marks), async () => {
      for (const mark of marks) await stack.redis.send('SET', mark, Date.now() - 10 * MINUTE, 'PX', 5 * MINUTE)
      const again = await member.signInAs(person, browser).catch((error) => { throw new Error(`it counts as one in between (section 6, step 2: iat in seconds, marks in milliseconds): ${error.message}`) })
      assert.equal((await member.whoIs(again.cookie)).status, 200)
    })
  }],

  ['sign-off-with-an-expired-token', 'a sign-off needs no fresh tokens', async ({ stack, member }) => {
    // A refresh of this size fails.
    const id = newId(), session = await stack.session({ id, expires: Date.now() - 1000, fields: { refresh: stack.seal(id, 'refresh', 'x'.repeat(300_000)) } })
    const answer = await member.direct.postSignOff(session.cookie)
    assert.ok(answer.status < 400, `a sign-off with an expired token: ${answer.status} (section 7)`)
    const { state, endReason } = await stack.fields(id)
    assert.deepEqual([state, endReason], ['ended', 'signed-off'], 'the session goes on (section 7, step 1)')
  }],

  ['nonce', 'an ID token with another nonce signs nobody in', async (about) => {
    const { browser, callback } = await upToCallback(about, (query) => query.set('nonce', 'of-somebody-else'))
    const asked = new URL((await new Browser().go(about.member.url(about.member.signIn))).location).searchParams.get('nonce')
    assert.ok(asked?.length >= 16, 'it asks the provider for no nonce (section 6)')
    const answer = await browser.go(callback)
    assert.ok(answer.status < 500, `${answer.status}`)
    await nobody(about, browser, 'somebody is signed in with an ID token whose nonce is another (section 6)')
  }],

  ['touch-interval', 'the idle timeout is written once 30 s of it have passed, not with each request', async ({ stack, member }) => {
    const session = await stack.session()
    await stack.redis.send('PEXPIRE', express(session.id), 30 * MINUTE - 15_000)
    known(await member.whoIs(session.cookie), session.user)
    await sleep(100)
    within(await stack.redis.send('PTTL', express(session.id)), 29 * MINUTE, 30 * MINUTE - 15_000, 'the time to live in ms, 15 s after the last touch (section 5, activity),')
  }],

  ['sign-off-of-a-replaced-session', 'a sign-off with the cookie of a replaced session leaves the new session alone', async ({ stack, member, person, skip }) => {
    const before = await member.signInAs(person), after = await member.signInAs(person, before.browser)
    if (after.id === before.id) return skip('it sends who is signed in back to a page')
    assert.ok((await member.postSignOff(before.cookie)).status < 400)
    assert.equal((await stack.fields(after.id)).state, 'live', 'the session that replaced it has ended with it (section 7, step 2)')
    assert.equal((await member.whoIs(after.cookie)).status, 200)
  }],

  ['sign-off-of-an-idle-session', "a sign-off of a session that has idled out ends the provider's session", async ({ stack, member, person }) => {
    const { id, cookie, browser } = await member.signInAs(person)
    await stack.redis.send('DEL', express(id))
    await stack.allForgotten()
    unknown(await member.whoIs(cookie), 'it idled out')
    assert.ok((await member.postSignOff(cookie)).status < 400)
    assert.equal((await member.signInAs(person, browser)).askedForPassword, true, 'the provider signs in silently (section 7, steps 2 and 4)')
  }],

  ['refresh-roles', 'a refresh updates the roles', async ({ stack, member, person }) => {
    const { id, cookie } = await member.signInAs(person), { roles, tokensRev } = await stack.fields(id)
    await stack.run('write-tokens', [record(id)], tokensRev, 'roles', '["of-yesterday"]', 'accessExpires', Date.now() - 1000)
    await stack.allForgotten()
    const answer = await member.whoIs(cookie)
    assert.ok([200, 403].includes(answer.status), `${answer.status}`)
    assert.deepEqual(JSON.parse((await stack.fields(id)).roles).sort(), JSON.parse(roles).sort(), 'roles were not refreshed with the tokens (section 5, refresh)')
  }],

  ['refresh-of-another-user', 'tokens of another user are rejected', async ({ stack, member, person }) => {
    const other = await member.signInAs(member.stack.otherPerson ?? 'bob'), theirs = await stack.fields(other.id)
    const { id, cookie } = await member.signInAs(person), { subject, tokensRev } = await stack.fields(id)
    assert.notEqual(theirs.subject, subject, 'two persons are needed')
    const refresh = stack.seal(id, 'refresh', stack.open(other.id, 'refresh', theirs.refresh))
    await stack.run('write-tokens', [record(id)], tokensRev, 'refresh', refresh, 'accessExpires', Date.now() - 1000)
    await stack.allForgotten()
    await member.whoIs(cookie)
    const { access } = await stack.fields(id)
    const claims = access && JSON.parse(Buffer.from(stack.open(id, 'access', access).split('.')[1], 'base64url'))
    assert.notEqual(claims?.sub, theirs.subject, 'another user\u2019s tokens are in the session (section 5, refresh: the same iss and sub)')
  }],

  ['second-encryption-key', 'tokens encrypted with the second key can be decrypted', async ({ stack, member, skip }) => {
    if (stack.keys.length < 2) return skip('the fleet has one encryption key; --between gives it two')
    const id = newId(), session = await stack.session({ id, fields: { access: stack.seal(id, 'access', 'an-access-token', stack.keys[1]) } })
    known(await member.whoIs(session.cookie), session.user)
  }],

  ['no-token-to-the-browser', 'no answer contains a token', async ({ stack, member, person }) => {
    const since = answersSince()
    const { id, cookie, browser } = await member.signInAs(person), fields = await stack.fields(id)
    const secrets = ['access', 'refresh'].map((field) => stack.open(id, field, fields[field]))
    await member.whoIs(cookie)
    await browser.go(member.url(''))
    await member.postSignOff(cookie)
    const leaks = since().filter(({ url }) => url.startsWith(member.url(''))).filter(({ text }) => secrets.some((secret) => text.includes(secret)) || /id_token_hint=/.test(text))
    assert.deepEqual(leaks.map(({ url }) => new URL(url).pathname), [], 'a token is in the answer (section 10)')
  }]
]
